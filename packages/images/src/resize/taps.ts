// PIL's precompute_coeffs and normalize_coeffs_8bpc, src/libImaging/Resample.c.
import type { Kernel } from './filters.ts'

/** Bits after the point of a fixed-point weight: 8 bits of result and 2 for overshoot leave 22 of 32. */
export const PRECISION = 22

/** One axis of a resize: which source pixels each target pixel reads, and with what weights. */
export interface Taps {
  /** First source pixel of each target pixel. */
  readonly first: Int32Array
  /** How many source pixels each target pixel reads. */
  readonly count: Int32Array
  /** Most source pixels that one target pixel reads: the stride of `weights`. */
  readonly stride: number
  /** Fixed-point weights, `stride` for each target pixel. */
  readonly weights: Int32Array
}

/** What one axis of a resize does: `[start, end)` of `sourceSize` pixels becomes `targetSize`, of which a window is wanted. */
export interface Axis {
  readonly sourceSize: number
  readonly start: number
  readonly end: number
  readonly targetSize: number
  /** First target pixel that is wanted. */
  readonly offset: number
  /** How many target pixels are wanted. */
  readonly length: number
}

/** The taps of one axis. `antialias: false` keeps the kernel at its own width where the picture shrinks. */
export function tapsOf(axis: Axis, kernel: Kernel, antialias: boolean): Taps {
  const { sourceSize, start, end, targetSize, offset, length } = axis
  const scale = Math.fround(Math.fround(end) - Math.fround(start)) / targetSize
  const widening = antialias ? Math.max(scale, 1) : 1
  const support = kernel.support * widening
  const stride = Math.ceil(support) * 2 + 1
  const first = new Int32Array(length)
  const count = new Int32Array(length)
  const weights = new Int32Array(length * stride)
  const row = new Float64Array(stride)
  for (let i = 0; i < length; i++) {
    const center = Math.fround(start) + (i + offset + 0.5) * scale
    const from = Math.max(Math.trunc(center - support + 0.5), 0)
    const taps = Math.min(Math.trunc(center + support + 0.5), sourceSize) - from
    let sum = 0
    for (let j = 0; j < taps; j++) {
      row[j] = kernel.weight((j + from - center + 0.5) * (1 / widening))
      sum += row[j]!
    }
    for (let j = 0; j < taps; j++) weights[i * stride + j] = fixed(sum === 0 ? row[j]! : row[j]! / sum)
    first[i] = from
    count[i] = taps
  }
  return { first, count, stride, weights }
}

function fixed(weight: number): number {
  return Math.trunc((weight < 0 ? -0.5 : 0.5) + weight * 2 ** PRECISION)
}
