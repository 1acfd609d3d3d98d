import {
  biasAt,
  dilationHeightAt,
  dilationWidthAt,
  filterHeightAt,
  filterWidthAt,
  highestAt,
  inChannelsAt,
  inWidthAt,
  lowestAt,
  strideWidthAt,
} from '../src/engine/job-fields'
import { clamp } from './epilogue'
import { fma } from './fma'
import { address, field, splat } from './job'

/** Bytes from one row of the filter to the next, on the input. */
function rowBytes(job: usize, pixelBytes: usize): usize {
  return <usize>(field(job, dilationHeightAt) * field(job, inWidthAt)) * pixelBytes
}

/** Four pixels of the output, `rows` of the filter on each: each weight is loaded once for four. */
export function fourPixels(job: usize, from: usize, weights: usize, to: usize, rows: i32): void {
  const channels = field(job, inChannelsAt)
  const pixelBytes = (<usize>channels) << 2
  const taps = field(job, filterWidthAt)
  const step = <usize>field(job, strideWidthAt) * pixelBytes
  const dilation = <usize>field(job, dilationWidthAt) * pixelBytes
  const quadBytes = (<usize>(field(job, filterHeightAt) * taps)) << 4
  const rowStep = rowBytes(job, pixelBytes)
  const lowest = splat(job, lowestAt)
  const highest = splat(job, highestAt)
  const bias = address(job, biasAt)
  const shares = taps === 3 && step === dilation
  const nextRow = rowStep - <usize>taps * dilation
  const to1 = to + pixelBytes
  const to2 = to1 + pixelBytes
  const to3 = to2 + pixelBytes
  for (let channel = 0; channel < channels; channel += 4) {
    // What is left of the channels is done with some of the last four again.
    const at = (<usize>min(channel, channels - 4)) << 2
    let s0 = bias !== 0 ? v128.load(bias + at) : f32x4.splat(0)
    let s1 = s0
    let s2 = s0
    let s3 = s0
    let w = weights
    let p0 = from + at
    let p1 = p0 + step
    let p2 = p1 + step
    let p3 = p2 + step
    if (shares) {
      // Neighbours read the same pixels: six loads where four times three would be twelve.
      let p4 = p3 + step
      let p5 = p4 + step
      for (let y = 0; y < rows; y++) {
        const w0 = v128.load(w)
        const w1 = v128.load(w, 16)
        const w2 = v128.load(w, 32)
        const x0 = v128.load(p0)
        const x1 = v128.load(p1)
        s0 = fma(x0, w0, s0)
        const x2 = v128.load(p2)
        s1 = fma(x1, w0, s1)
        s0 = fma(x1, w1, s0)
        const x3 = v128.load(p3)
        s2 = fma(x2, w0, s2)
        s1 = fma(x2, w1, s1)
        s0 = fma(x2, w2, s0)
        const x4 = v128.load(p4)
        s3 = fma(x3, w0, s3)
        s2 = fma(x3, w1, s2)
        s1 = fma(x3, w2, s1)
        const x5 = v128.load(p5)
        s3 = fma(x4, w1, s3)
        s2 = fma(x4, w2, s2)
        s3 = fma(x5, w2, s3)
        p0 += rowStep
        p1 += rowStep
        p2 += rowStep
        p3 += rowStep
        p4 += rowStep
        p5 += rowStep
        w += 48
      }
    } else {
      for (let y = 0; y < rows; y++) {
        const last = w + ((<usize>taps) << 4)
        do {
          const weight = v128.load(w)
          s0 = fma(v128.load(p0), weight, s0)
          s1 = fma(v128.load(p1), weight, s1)
          s2 = fma(v128.load(p2), weight, s2)
          s3 = fma(v128.load(p3), weight, s3)
          p0 += dilation
          p1 += dilation
          p2 += dilation
          p3 += dilation
          w += 16
        } while (w !== last)
        p0 += nextRow
        p1 += nextRow
        p2 += nextRow
        p3 += nextRow
      }
    }
    weights += quadBytes
    v128.store(to + at, clamp(s0, lowest, highest))
    v128.store(to1 + at, clamp(s1, lowest, highest))
    v128.store(to2 + at, clamp(s2, lowest, highest))
    v128.store(to3 + at, clamp(s3, lowest, highest))
  }
}

/** One pixel, over as many taps of each row of the filter as lie on the input. */
export function onePixel(job: usize, from: usize, weights: usize, to: usize, rows: i32, taps: i32): void {
  const channels = field(job, inChannelsAt)
  const pixelBytes = (<usize>channels) << 2
  const dilation = <usize>field(job, dilationWidthAt) * pixelBytes
  const filterWidth = field(job, filterWidthAt)
  const quadBytes = (<usize>(field(job, filterHeightAt) * filterWidth)) << 4
  const weightsStep = (<usize>(filterWidth - taps)) << 4
  const nextRow = rowBytes(job, pixelBytes) - <usize>taps * dilation
  const lowest = splat(job, lowestAt)
  const highest = splat(job, highestAt)
  const bias = address(job, biasAt)
  for (let channel = 0; channel < channels; channel += 4) {
    const at = (<usize>min(channel, channels - 4)) << 2
    let sum = bias !== 0 ? v128.load(bias + at) : f32x4.splat(0)
    let w = weights
    let pixel = from + at
    for (let y = 0; y < rows; y++) {
      const last = w + ((<usize>taps) << 4)
      while (w !== last) {
        sum = fma(v128.load(pixel), v128.load(w), sum)
        pixel += dilation
        w += 16
      }
      w += weightsStep
      pixel += nextRow
    }
    weights += quadBytes
    v128.store(to + at, clamp(sum, lowest, highest))
  }
}
