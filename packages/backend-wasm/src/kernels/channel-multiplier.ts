import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { reshaped } from '../memory/heap.ts'
import { stock } from './stock.ts'

// A depthwise convolution that makes m channels of each is one with a multiplier of 1 on an input whose channels are
// each repeated m times.

/** `[..., channels]` with each channel repeated: `[..., channels * multiplier]`, for the caller to dispose of. */
export function channelsRepeated(backend: BackendWasm, x: TensorInfo, multiplier: number): TensorInfo {
  const shape = [...x.shape]
  const channels = shape.pop()!
  const column = reshaped(x, [x.shape.reduce((size, side) => size * side, 1), 1])
  return reshaped(stock(backend, 'Tile', { x: column }, { reps: [1, multiplier] }), [...shape, channels * multiplier])
}

/** `[..., channels * multiplier]` with the copies of each channel summed, for the caller to dispose of. */
export function channelsSummed(backend: BackendWasm, x: TensorInfo, multiplier: number): TensorInfo {
  const shape = [...x.shape]
  const channels = shape.pop()! / multiplier
  const rows = reshaped(x, [x.shape.reduce((size, side) => size * side, 1) / multiplier, multiplier])
  return reshaped(stock(backend, 'Sum', { x: rows }, { axis: [1], keepDims: false }), [...shape, channels])
}
