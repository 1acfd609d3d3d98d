import { backend_util } from '@tensorflow/tfjs-core'
import type { KernelCall } from '../calls/kernel-call.ts'
import type { Values } from './inputs.ts'

type Sides = [number, number, number, number]
type Pair = [number, number]

/**
 * What the reference is given so that it answers rightly. In one thing TensorFlow.js' `cpu` is wrong: a pool that averages divides by the values
 * that its window has within the picture, and its gradient there by the window's area, 9 in a corner where it should be 4. TensorFlow's
 * own gradient is right; ours are to be.
 */
export function referenceValues(call: KernelCall, values: Values): Values {
  if (call.kernel !== 'AvgPoolGrad') return values
  const { filterSize, strides, pad, dimRoundingMode } = call.attributes as {
    filterSize: Pair
    strides: Pair
    pad: 'same'
    dimRoundingMode?: 'floor'
  }
  const input = call.inputs.input!.shape as Sides
  const info = backend_util.computePool2DInfo([...input], filterSize, strides, 1, pad, dimRoundingMode)
  const rows = within(info.outHeight, info.strideHeight, info.padInfo.top, info.filterHeight, info.inHeight)
  const columns = within(info.outWidth, info.strideWidth, info.padInfo.left, info.filterWidth, info.inWidth)
  const area = info.filterHeight * info.filterWidth
  const dy = Float32Array.from(values.dy!, (value, at) => {
    const place = Math.floor(at / info.outChannels)
    const column = place % info.outWidth
    const row = Math.floor(place / info.outWidth) % info.outHeight
    return (value * area) / (rows[row]! * columns[column]!)
  })
  return { ...values, dy }
}

/** How many places of each window along a side lie within the picture. */
function within(windows: number, stride: number, before: number, window: number, length: number): readonly number[] {
  return Array.from({ length: windows }, (_, i) => {
    const start = i * stride - before
    return Math.min(start + window, length) - Math.max(start, 0)
  })
}
