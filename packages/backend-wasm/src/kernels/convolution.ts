import { CnnkitError } from '@cnnkit/errors'
import { backend_util } from '@tensorflow/tfjs-core'

/** What TensorFlow.js tells the gradient kernels of convolutions. */
export interface Conv2DAttributes {
  readonly strides: number | [number, number]
  readonly pad: 'valid' | 'same' | number | backend_util.ExplicitPadding
  readonly dataFormat?: 'NHWC' | 'NCHW'
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil'
  readonly dilations?: number | [number, number]
}

/** Sizes, strides and padding of a convolution of `[batch, height, width, channels]`. */
export function convolutionOf(
  inputShape: readonly number[],
  filterShape: readonly number[],
  attributes: Conv2DAttributes,
  depthwise = false,
): backend_util.Conv2DInfo {
  const { strides, pad, dataFormat = 'NHWC', dimRoundingMode, dilations = 1 } = attributes
  if (dataFormat !== 'NHWC') {
    throw new CnnkitError(
      'backend-wasm',
      'UNSUPPORTED_DATA_FORMAT',
      `Convolutions in ${dataFormat} do not run on wasm, neither forward nor backward. Use channelsLast (NHWC).`,
    )
  }
  return backend_util.computeConv2DInfo(
    inputShape as [number, number, number, number],
    filterShape as [number, number, number, number],
    strides,
    dilations,
    pad,
    dimRoundingMode,
    depthwise,
  )
}
