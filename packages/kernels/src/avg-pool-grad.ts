import {
  AvgPoolGrad,
  backend_util,
  getKernel,
  type KernelConfig,
  type KernelFunc,
  mul,
  registerKernel,
  type Tensor,
  tensor4d,
  tidy,
  unregisterKernel,
} from '@tensorflow/tfjs-core'

interface PoolAttributes {
  readonly filterSize: number | [number, number]
  readonly strides: number | [number, number]
  readonly pad: 'same' | 'valid' | number | backend_util.ExplicitPadding
}

const corrected = new WeakSet<KernelConfig>()

/**
 * Puts TensorFlow.js' kernel `AvgPoolGrad` right on a backend whose own divides by the size of the window: the average itself
 * is taken over the values that lie on the input, fewer than that at a padded border, and so is its gradient in TensorFlow and
 * here. dy is scaled by size over count before the backend spreads it. Doing so again changes nothing.
 *
 * @returns puts the backend's own back
 */
export function correctAvgPoolGrad(backendName: string): () => void {
  const stock = getKernel(AvgPoolGrad, backendName)
  if (stock === undefined || corrected.has(stock)) return () => undefined
  const ours: KernelConfig = { ...stock, kernelFunc: byCount(stock.kernelFunc) }
  corrected.add(ours)
  replace(stock, ours)
  return () => {
    if (getKernel(AvgPoolGrad, backendName) === ours) replace(ours, stock)
  }
}

function replace(old: KernelConfig, by: KernelConfig): void {
  unregisterKernel(old.kernelName, old.backendName)
  registerKernel(by)
}

function byCount(stock: KernelFunc): KernelFunc {
  return (call) => {
    const { dy, input } = call.inputs as Record<'dy' | 'input', Tensor>
    const { filterSize, strides, pad } = call.attrs as unknown as PoolAttributes
    const shape = input!.shape as [number, number, number, number]
    const info = backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad)
    const { top, bottom, left, right } = info.padInfo
    if (top + bottom + left + right === 0) return stock(call)
    return tidy(() => {
      const counted = mul(dy!, tensor4d(sizeOverCount(info), [1, info.outHeight, info.outWidth, 1]))
      return stock({ ...call, inputs: { dy: counted, input: input! } }) as Tensor
    })
  }
}

/** For each place of the output: the size of its window over the number of values in it. */
function sizeOverCount(info: backend_util.Conv2DInfo): Float32Array {
  const { outHeight, outWidth, filterHeight, filterWidth, padInfo } = info
  const rows = counts(outHeight, info.strideHeight, filterHeight, padInfo.top, info.inHeight)
  const columns = counts(outWidth, info.strideWidth, filterWidth, padInfo.left, info.inWidth)
  const ratios = rows.flatMap((inRows) =>
    columns.map((inColumns) => (filterHeight * filterWidth) / (inRows * inColumns)),
  )
  return Float32Array.from(ratios)
}

/** How many places of each window lie on the input, along one side. */
function counts(windows: number, stride: number, size: number, before: number, length: number): number[] {
  return Array.from({ length: windows }, (_, i) => {
    const start = i * stride - before
    return Math.min(start + size, length) - Math.max(start, 0)
  })
}
