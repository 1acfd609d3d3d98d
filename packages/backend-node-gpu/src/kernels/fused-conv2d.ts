import { backend_util, FusedConv2D, type TensorInfo } from '@tensorflow/tfjs-core'
import { hasOneDnn, oneDnnOp } from './onednn.ts'
import { floatOp, type TensorflowBackend, type TensorflowKernel } from './tensorflow.ts'

interface Attributes {
  readonly strides: number | [number, number]
  readonly pad: 'same' | 'valid' | number | backend_util.ExplicitPadding
  readonly dataFormat: 'NHWC' | 'NCHW'
  readonly dilations: number | [number, number]
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
  readonly activation?: string
}

/** A convolution that adds its bias as it writes; tfjs-node adds it in a second pass, which takes half as long again after a small window. */
export const fusedConv2d: TensorflowKernel = {
  kernelName: FusedConv2D,
  kernelFunc: ({ backend, inputs, attributes }) => {
    const { x, filter, bias } = inputs
    const { strides, pad, dataFormat, dilations, dimRoundingMode, activation } = attributes as unknown as Attributes
    const activated = endings[activation ?? 'linear']
    if (!activated || !bias || dataFormat !== 'NHWC' || inputs.preluActivationWeights) return undefined
    if (x!.dtype !== 'float32' || !hasOneDnn(backend)) return undefined
    const info = backend_util.computeConv2DInfo(
      x!.shape as [number, number, number, number],
      filter!.shape as [number, number, number, number],
      strides,
      dilations,
      pad,
      dimRoundingMode,
    )
    // oneDNN does not ask how many there are, and one for all channels is a bias too.
    if (bias.shape.length !== 1 || bias.shape[0] !== info.outChannels) return undefined
    const { type: padding, top, bottom, left, right } = info.padInfo
    if (padding === 'NUMBER') return undefined
    const integers = {
      strides: [1, info.strideHeight, info.strideWidth, 1],
      dilations: [1, info.dilationHeight, info.dilationWidth, 1],
      ...(padding === 'EXPLICIT' && { explicit_paddings: [0, 0, top, bottom, left, right, 0, 0] }),
    }
    const strings = { padding }
    const [y] = oneDnnOp(backend, '_MklNativeConv2DWithBias', [x!, filter!, bias], { integers, strings }, 1)
    return activated(backend, y!)
  },
}

/** All else goes to tfjs-node. */
const endings: Readonly<Record<string, (backend: TensorflowBackend, y: TensorInfo) => TensorInfo>> = {
  linear: (_, y) => y,
  relu: (backend, y) => floatOp(backend, 'Relu', y),
  relu6: (backend, y) => floatOp(backend, 'Relu6', y),
}
