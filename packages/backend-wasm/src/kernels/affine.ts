import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { free, reshaped, tensorOf } from '../memory/heap.ts'
import { stock } from './stock.ts'

/**
 * `x * scale + shift` for each channel, `[rows, channels]`, for the caller to dispose of: a 1x1 depthwise convolution
 * with bias, which XNNPACK knows as one pass over memory (measured: 3 values a nanosecond on one core, where
 * TensorFlow.js' batch norm does 0.27).
 */
export function affine(
  backend: BackendWasm,
  x: TensorInfo,
  [rows, channels]: readonly [number, number],
  scale: Float32Array,
  shift: Float32Array,
): TensorInfo {
  const times = widening(rows, channels)
  const width = channels * times
  const filter = tensorOf(backend, [1, 1, width, 1], repeated(scale, times))
  const bias = tensorOf(backend, [width], repeated(shift, times))
  const y = stock(
    backend,
    'FusedDepthwiseConv2D',
    { x: reshaped(x, [1, 1, rows / times, width]), filter, bias },
    { strides: 1, pad: 'valid', dilations: 1, dataFormat: 'NHWC', activation: 'linear' },
  )
  free(backend, filter, bias)
  return reshaped(y, [rows, channels])
}

/** Channels from which on operations a channel run at their full speed. */
const wide = 64

/** How many rows to see as one, with the channels repeated: operations a channel are slow where channels are few. */
export function widening(rows: number, channels: number): number {
  let times = Math.min(rows, Math.ceil(wide / channels))
  while (rows % times !== 0) times--
  return times
}

/** The values one after another, so many times. */
export function repeated(values: Float32Array, times: number): Float32Array {
  if (times === 1) return values
  const all = new Float32Array(values.length * times)
  for (let i = 0; i < times; i++) all.set(values, i * values.length)
  return all
}
