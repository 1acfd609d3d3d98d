import {
  backend_util,
  type KernelConfig,
  type KernelFunc,
  type NamedAttrMap,
  type TensorInfo,
} from '@tensorflow/tfjs-core'

/** What of tfjs-node's backend these kernels use. */
interface Backend {
  readonly binding: Readonly<Record<'TF_ATTR_TYPE' | 'TF_ATTR_INT' | 'TF_ATTR_STRING' | 'TF_FLOAT', number>>
  /** Runs one of TensorFlow's operations. */
  executeSingleOutput(name: string, attributes: readonly object[], inputs: readonly TensorInfo[]): TensorInfo
}

/** Attributes of TensorFlow.js' pools. */
export interface PoolAttributes {
  readonly filterSize: number | [number, number]
  readonly strides: number | [number, number]
  readonly pad: 'same' | 'valid' | number | backend_util.ExplicitPadding
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
}

type Inputs = Readonly<Record<string, TensorInfo>>

/** Kernels of tfjs-node that refuse rows and columns of padding given as numbers, which TensorFlow takes as `EXPLICIT`. */
export const explicitlyPadded: Readonly<Record<string, (inputs: Inputs) => readonly TensorInfo[]>> = {
  MaxPool: ({ x }) => [x!],
  MaxPoolGrad: ({ input, output, dy }) => [input!, output!, dy!],
}

/** A kernel that takes explicit padding too; all else goes to the one in whose place it stands. */
export function withExplicitPadding(stock: KernelConfig): KernelConfig {
  const order = explicitlyPadded[stock.kernelName]!
  const kernelFunc: KernelFunc = (call) => {
    const inputs = order(call.inputs as Inputs)
    const attributes = poolAttributes(inputs[0]!, call.attrs as NamedAttrMap)
    if (attributes === undefined) return stock.kernelFunc(call)
    const backend = call.backend as Backend
    return backend.executeSingleOutput(stock.kernelName, listed(backend, attributes), inputs)
  }
  return { ...stock, kernelFunc }
}

/** TensorFlow's attributes of a pool with explicit padding; nothing where it has none. */
function poolAttributes(x: TensorInfo, attrs: NamedAttrMap): Readonly<Record<string, number[]>> | undefined {
  const { filterSize, strides, pad, dimRoundingMode } = attrs as unknown as PoolAttributes
  const shape = x.shape as [number, number, number, number]
  const info = backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode)
  const { type, top, bottom, left, right } = info.padInfo
  if (type === 'SAME' || type === 'VALID') return undefined
  return {
    ksize: [1, info.filterHeight, info.filterWidth, 1],
    strides: [1, info.strideHeight, info.strideWidth, 1],
    explicit_paddings: [0, 0, top, bottom, left, right, 0, 0],
  }
}

function listed({ binding }: Backend, integers: Readonly<Record<string, number[]>>): object[] {
  const { TF_ATTR_TYPE, TF_ATTR_INT, TF_ATTR_STRING, TF_FLOAT } = binding
  return [
    { name: 'T', type: TF_ATTR_TYPE, value: TF_FLOAT },
    { name: 'padding', type: TF_ATTR_STRING, value: 'EXPLICIT' },
    { name: 'data_format', type: TF_ATTR_STRING, value: 'NHWC' },
    ...Object.entries(integers).map(([name, value]) => ({ name, type: TF_ATTR_INT, value })),
  ]
}
