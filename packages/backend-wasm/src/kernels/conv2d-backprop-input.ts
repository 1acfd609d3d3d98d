import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { type backend_util, Conv2DBackpropInput, type TensorInfo } from '@tensorflow/tfjs-core'
import { withAlias } from '../memory/alias.ts'
import { free, offsetOf, reshaped } from '../memory/heap.ts'
import { type Conv2DAttributes, convolutionOf } from './convolution.ts'
import { dealt, gather, type InputPhase, inputPhases } from './input-phases.ts'
import { nativeOf } from './native.ts'
import { product } from './product.ts'
import { stock, type WasmKernel } from './stock.ts'

/**
 * The gradient of a convolution for its input, in place of TensorFlow.js' own, which takes ten times as long.
 *
 * At stride 1 it is a forward convolution of dy with the filter flipped and its channels swapped. At stride s the input
 * splits into s * s phases, each of which some of the taps reach: a small convolution each, whose results are dealt
 * back out (see input-phases.ts).
 */
export const conv2dBackpropInput: WasmKernel = {
  kernelName: Conv2DBackpropInput,
  kernelFunc: ({ backend, inputs, attributes }) => {
    const { dy, filter } = inputs as { dy: TensorInfo; filter: TensorInfo }
    const { inputShape } = attributes as unknown as { inputShape: number[] }
    const info = convolutionOf(inputShape, filter.shape, attributes as unknown as Conv2DAttributes)
    if (isProduct(info)) return asProduct(backend, info, dy, filter)
    const phase = (row: InputPhase, column: InputPhase): TensorInfo => onePhase(backend, dy, filter, row, column)
    const phases = inputPhases(info)
    return dealt(backend, info, phases, phase)
  },
}

/** Whether each pixel stands for itself: 1x1, stride 1, not padded. */
function isProduct(info: backend_util.Conv2DInfo): boolean {
  const { filterHeight, filterWidth, inHeight, inWidth, outHeight, outWidth } = info
  return filterHeight * filterWidth === 1 && inHeight === outHeight && inWidth === outWidth && info.padInfo.top === 0
}

function asProduct(
  backend: BackendWasm,
  info: backend_util.Conv2DInfo,
  dy: TensorInfo,
  filter: TensorInfo,
): TensorInfo {
  const { inChannels, outChannels, inShape } = info
  const pixels = info.batchSize * info.outHeight * info.outWidth
  const rows = reshaped(dy, [pixels, outChannels])
  return reshaped(product(backend, rows, reshaped(filter, [inChannels, outChannels]), false, true), inShape)
}

function onePhase(
  backend: BackendWasm,
  dy: TensorInfo,
  filter: TensorInfo,
  row: InputPhase,
  column: InputPhase,
): TensorInfo {
  const turned = turnedTaps(backend, filter, row.taps, column.taps)
  const { tensor, owned, pad } = gather(backend, dy, row, column)
  const dx = stock(
    backend,
    'Conv2D',
    { x: tensor, filter: turned },
    { strides: 1, dilations: 1, pad, dataFormat: 'NHWC' },
  )
  free(backend, turned, owned)
  return dx
}

/** Some taps of the filter, in the order given, each transposed to `[outChannels, inChannels]`. */
function turnedTaps(
  backend: BackendWasm,
  filter: TensorInfo,
  rows: readonly number[],
  columns: readonly number[],
): TensorInfo {
  const [, width, inChannels, outChannels] = filter.shape as [number, number, number, number]
  const turned = backend.makeOutput([rows.length, columns.length, outChannels, inChannels], 'float32')
  const from = offsetOf(backend, filter)
  const size = inChannels * outChannels
  const { transpose } = nativeOf(backend)
  let to = offsetOf(backend, turned)
  for (const row of rows) {
    for (const column of columns) {
      withAlias(backend, [inChannels, outChannels], from + (row * width + column) * size, (tap) =>
        withAlias(backend, [outChannels, inChannels], to, (result) => transpose(tap, result)),
      )
      to += size
    }
  }
  return turned
}
