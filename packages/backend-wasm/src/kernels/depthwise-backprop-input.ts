import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import {
  type backend_util,
  DepthwiseConv2dNative,
  DepthwiseConv2dNativeBackpropInput,
  type TensorInfo,
} from '@tensorflow/tfjs-core'
import { copyPixels, lattice } from '../memory/copy-pixels.ts'
import { free, offsetOf, wordsOf } from '../memory/heap.ts'
import { channelsSummed } from './channel-multiplier.ts'
import { type Conv2DAttributes, convolutionOf } from './convolution.ts'
import { depthwise } from './own/depthwise.ts'
import { stock, type WasmKernel } from './stock.ts'

/**
 * The gradient of a depthwise convolution for its input, which TensorFlow.js' wasm backend lacks: a forward depthwise
 * convolution at stride 1 with the filter flipped, of dy with zeros set between its pixels where the stride was more.
 */
export const depthwiseBackpropInput: WasmKernel = {
  kernelName: DepthwiseConv2dNativeBackpropInput,
  kernelFunc: ({ backend, inputs, attributes }) => {
    const { dy, filter } = inputs as { dy: TensorInfo; filter: TensorInfo }
    const { inputShape } = attributes as unknown as { inputShape: number[] }
    const info = convolutionOf(inputShape, filter.shape, attributes as unknown as Conv2DAttributes, true)
    const pad = padding(info)
    const spread = pad === undefined ? spreadGradient(backend, info, dy) : undefined
    const flipped = flippedFilter(backend, filter)
    const taken = { x: spread ?? dy, filter: flipped }
    const attributesTaken = { strides: 1, pad: pad ?? 'valid', dilations: [info.dilationHeight, info.dilationWidth] }
    const wide =
      depthwise(backend, taken, attributesTaken) ?? stock(backend, DepthwiseConv2dNative, taken, attributesTaken)
    free(backend, spread, flipped)
    const multiplier = filter.shape[3]!
    if (multiplier === 1) return wide
    const dx = channelsSummed(backend, wide, multiplier)
    free(backend, wide)
    return dx
  },
}

/** The zeros around dy where it is read as it is; nothing where its pixels must be spread or cropped. */
function padding(info: backend_util.Conv2DInfo): backend_util.ExplicitPadding | undefined {
  if (info.strideHeight * info.strideWidth !== 1) return undefined
  const height = (info.filterHeight - 1) * info.dilationHeight
  const width = (info.filterWidth - 1) * info.dilationWidth
  const [top, left] = [height - info.padInfo.top, width - info.padInfo.left]
  const bottom = info.inHeight + height - info.outHeight - top
  const right = info.inWidth + width - info.outWidth - left
  if (Math.min(top, bottom, left, right) < 0) return undefined
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]
}

/**
 * dy as the flipped convolution reads it, without further padding: its pixels a stride apart, from where the first tap of
 * the first input row would be, cropped where that lies inside.
 */
function spreadGradient(backend: BackendWasm, info: backend_util.Conv2DInfo, dy: TensorInfo): TensorInfo {
  const { batchSize, outChannels, padInfo, outHeight, outWidth } = info
  const rows = spreadAxis(
    info.filterHeight,
    info.dilationHeight,
    info.strideHeight,
    padInfo.top,
    info.inHeight,
    outHeight,
  )
  const columns = spreadAxis(
    info.filterWidth,
    info.dilationWidth,
    info.strideWidth,
    padInfo.left,
    info.inWidth,
    outWidth,
  )
  const shape = [batchSize, rows.length, columns.length, outChannels]
  const spread = backend.makeOutput(shape, 'float32')
  const words = wordsOf(backend)
  const to = offsetOf(backend, spread)
  words.fill(0, to, to + batchSize * rows.length * columns.length * outChannels)
  copyPixels(
    backend,
    lattice(offsetOf(backend, dy), [outHeight, outWidth, outChannels], [rows.from, columns.from]),
    lattice(
      to,
      [rows.length, columns.length, outChannels],
      [rows.to, columns.to],
      [info.strideHeight, info.strideWidth],
    ),
    { images: batchSize, rows: rows.count, columns: columns.count, channels: outChannels },
  )
  return spread
}

/** How `outputs` rows of dy lie on an axis of `length`: `count` of them, from row `from` on, at `to` and each stride after. */
interface Spread {
  readonly length: number
  readonly from: number
  readonly to: number
  readonly count: number
}

function spreadAxis(
  kernel: number,
  dilation: number,
  stride: number,
  padding: number,
  inputs: number,
  outputs: number,
): Spread {
  const extent = (kernel - 1) * dilation
  const length = inputs + extent
  const before = extent - padding
  const from = Math.max(0, Math.ceil(-before / stride))
  const to = before + from * stride
  const count = Math.min(outputs - from, Math.floor((length - 1 - to) / stride) + 1)
  return { length, from, to, count: Math.max(0, count) }
}

/** The filter turned by half a turn, `[height, width, channels * multiplier, 1]`. */
function flippedFilter(backend: BackendWasm, filter: TensorInfo): TensorInfo {
  const [height, width, channels, multiplier] = filter.shape as [number, number, number, number]
  const flipped = backend.makeOutput([height, width, channels * multiplier, 1], 'float32')
  const size = channels * multiplier
  const words = wordsOf(backend)
  const from = offsetOf(backend, filter)
  const to = offsetOf(backend, flipped)
  const taps = height * width
  for (let tap = 0; tap < taps; tap++) {
    words.copyWithin(to + (taps - 1 - tap) * size, from + tap * size, from + (tap + 1) * size)
  }
  return flipped
}
