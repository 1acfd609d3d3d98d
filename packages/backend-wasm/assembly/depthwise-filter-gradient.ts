import {
  blockPanelsAt,
  dilationHeightAt,
  dilationWidthAt,
  filterHeightAt,
  filterWidthAt,
  inChannelsAt,
  inHeightAt,
  inputAt,
  inWidthAt,
  otherAt,
  outHeightAt,
  outputAt,
  outWidthAt,
  padLeftAt,
  padTopAt,
  rowsAt,
  strideHeightAt,
  strideWidthAt,
} from '../src/engine/job-fields'
import { fma } from './fma'
import { address, field } from './job'
import { loadSome, storeSome } from './lanes'

/**
 * One unit: some channels of the gradient of a depthwise filter, `[taps, channels]`, for each tap the input that it reads times
 * dy, summed over the pixels. It goes row by row of dy, whose pixels and those of the input then stay in the cache for all
 * taps; each row is summed by itself before it is added, as one long sum would lose digits.
 */
export function depthwiseFilterGradient(job: usize, unit: i32): void {
  const channels = field(job, inChannelsAt)
  const first = unit * field(job, blockPanelsAt) * 4
  const last = min(channels, first + field(job, blockPanelsAt) * 4)
  const taps = field(job, filterHeightAt) * field(job, filterWidthAt)
  const step = (<usize>channels) << 2
  const output = address(job, outputAt)
  for (let tap = 0; tap < taps; tap++) {
    memory.fill(output + <usize>tap * step + ((<usize>first) << 2), 0, (<usize>(last - first)) << 2)
  }
  const rows = field(job, rowsAt)
  for (let row = 0; row < rows; row++) {
    for (let channel = first; channel < last; channel += 4) oneRow(job, row, channel, min(4, channels - channel))
  }
}

/** Adds what a row of dy gives, for four channels. */
function oneRow(job: usize, row: i32, channel: i32, count: i32): void {
  const outHeight = field(job, outHeightAt)
  const filterHeight = field(job, filterHeightAt)
  const filterWidth = field(job, filterWidthAt)
  const inHeight = field(job, inHeightAt)
  const step = (<usize>field(job, inChannelsAt)) << 2
  const image = row / outHeight
  const top = (row - image * outHeight) * field(job, strideHeightAt) - field(job, padTopAt)
  const at = (<usize>channel) << 2
  const dy = address(job, otherAt) + <usize>(row * field(job, outWidthAt)) * step + at
  for (let ky = 0; ky < filterHeight; ky++) {
    const y = top + ky * field(job, dilationHeightAt)
    if (<u32>y >= <u32>inHeight) continue
    const x = address(job, inputAt) + <usize>((image * inHeight + y) * field(job, inWidthAt)) * step + at
    const to = address(job, outputAt) + <usize>(ky * filterWidth) * step + at
    let kx = 0
    for (; kx + 3 <= filterWidth; kx += 3) threeTaps(job, kx, x, dy, to + <usize>kx * step, step, count)
    for (; kx < filterWidth; kx++) oneTap(job, kx, x, dy, to + <usize>kx * step, step, count)
  }
}

/** The first pixel of dy whose tap `kx` lies on the input. */
function firstInside(job: usize, kx: i32): i32 {
  const stride = field(job, strideWidthAt)
  return max(0, (field(job, padLeftAt) - kx * field(job, dilationWidthAt) + stride - 1) / stride)
}

/** The one after the last. */
function endInside(job: usize, kx: i32): i32 {
  const room = field(job, inWidthAt) - 1 + field(job, padLeftAt) - kx * field(job, dilationWidthAt)
  return room < 0 ? 0 : min(field(job, outWidthAt), room / field(job, strideWidthAt) + 1)
}

function oneTap(job: usize, kx: i32, x: usize, dy: usize, to: usize, step: usize, count: i32): void {
  sumOf(job, kx, firstInside(job, kx), endInside(job, kx), x, dy, to, step, count)
}

function sumOf(
  job: usize,
  kx: i32,
  first: i32,
  end: i32,
  x: usize,
  dy: usize,
  to: usize,
  step: usize,
  count: i32,
): void {
  if (first >= end) return
  const stride = field(job, strideWidthAt)
  const xStep = <usize>stride * step
  x += <usize>(first * stride - field(job, padLeftAt) + kx * field(job, dilationWidthAt)) * step
  dy += <usize>first * step
  let sum = f32x4.splat(0)
  for (let i = first; i < end; i++) {
    sum = fma(loadSome(x, count), loadSome(dy, count), sum)
    x += xStep
    dy += step
  }
  storeSome(to, f32x4.add(loadSome(to, count), sum), count)
}

/** Three neighbouring taps together: dy is read once, and two pixels at a time keep the additions from waiting. */
function threeTaps(job: usize, kx: i32, x: usize, dy: usize, to: usize, step: usize, count: i32): void {
  // Where all three lie on the input; what is left at the edges goes tap by tap.
  const first = firstInside(job, kx)
  const end = endInside(job, kx + 2)
  if (count < 4 || end - first < 2) {
    for (let i = 0; i < 3; i++) oneTap(job, kx + i, x, dy, to + <usize>i * step, step, count)
    return
  }
  const stride = field(job, strideWidthAt)
  const xStep = <usize>stride * step
  const dilation = <usize>field(job, dilationWidthAt) * step
  let p = x + <usize>(first * stride - field(job, padLeftAt) + kx * field(job, dilationWidthAt)) * step
  let d = dy + <usize>first * step
  let a0 = f32x4.splat(0)
  let a1 = a0
  let a2 = a0
  let b0 = a0
  let b1 = a0
  let b2 = a0
  const pairs = first + ((end - first) & ~1)
  for (let i = first; i < pairs; i += 2) {
    const d0 = v128.load(d)
    const d1 = v128.load(d + step)
    const q = p + xStep
    a0 = fma(v128.load(p), d0, a0)
    a1 = fma(v128.load(p + dilation), d0, a1)
    a2 = fma(v128.load(p + 2 * dilation), d0, a2)
    b0 = fma(v128.load(q), d1, b0)
    b1 = fma(v128.load(q + dilation), d1, b1)
    b2 = fma(v128.load(q + 2 * dilation), d1, b2)
    p = q + xStep
    d += 2 * step
  }
  v128.store(to, f32x4.add(v128.load(to), f32x4.add(a0, b0)))
  const to1 = to + step
  v128.store(to1, f32x4.add(v128.load(to1), f32x4.add(a1, b1)))
  const to2 = to1 + step
  v128.store(to2, f32x4.add(v128.load(to2), f32x4.add(a2, b2)))
  for (let i = 0; i < 3; i++) {
    const at = to + <usize>i * step
    sumOf(job, kx + i, firstInside(job, kx + i), first, x, dy, at, step, count)
    sumOf(job, kx + i, pairs, endInside(job, kx + i), x, dy, at, step, count)
  }
}
