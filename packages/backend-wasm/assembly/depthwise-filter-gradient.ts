import {
  blockRowsAt,
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
  scratchAt,
  scratchSizeAt,
  strideHeightAt,
  strideWidthAt,
} from '../src/engine/job-fields'
import { fma } from './fma'
import { address, field } from './job'
import { loadSome, storeSome } from './lanes'

/** Bytes of a pixel in scratch memory: 16 channels, a line of the cache. */
const line: usize = 64

/**
 * One unit: what some rows of dy give to the gradient of a depthwise filter, `[taps, channels]`, for each tap the input that it
 * reads times dy, summed over the pixels. The host sums over the units.
 *
 * 16 channels at a time both are first copied, with zeros where the input ends and where there are fewer channels: so the
 * sums know no edges, and all that they read lies in the cache. Scratch: the sums `[taps, 16]`, dy, the input.
 */
export function depthwiseFilterGradient(job: usize, unit: i32, thread: i32): void {
  const channels = field(job, inChannelsAt)
  const taps = field(job, filterHeightAt) * field(job, filterWidthAt)
  const outHeight = field(job, outHeightAt)
  const most = field(job, blockRowsAt)
  const blocks = (outHeight + most - 1) / most
  const image = unit / blocks
  const y = (unit % blocks) * most
  const rows = min(most, outHeight - y)
  const sums = address(job, scratchAt) + <usize>thread * address(job, scratchSizeAt)
  const dys = sums + <usize>taps * line
  const xs = dys + <usize>(most * evenWidth(job)) * line
  const step = (<usize>channels) << 2
  const to = address(job, outputAt) + <usize>(unit * taps) * step
  for (let first = 0; first < channels; first += 16) {
    const count = min(16, channels - first)
    memory.fill(sums, 0, <usize>taps * line)
    copyGradient(job, image, y, rows, dys, first, count)
    copyInput(job, image, y, rows, xs, first, count)
    for (let channel = 0; channel < count; channel += 4) {
      const at = (<usize>channel) << 2
      for (let ky = 0; ky < field(job, filterHeightAt); ky++) sumRow(job, ky, rows, xs + at, dys + at, sums + at)
      for (let tap = 0; tap < taps; tap++) {
        const target = to + <usize>tap * step + ((<usize>(first + channel)) << 2)
        storeSome(target, v128.load(sums + <usize>tap * line + at), count - channel)
      }
    }
  }
}

/** Pixels of a row of dy in scratch memory, as they go in twos. */
function evenWidth(job: usize): i32 {
  return (field(job, outWidthAt) + 1) & ~1
}

/** Pixels of a row of the input there: all that the taps of a row of dy read. */
function readWidth(job: usize): i32 {
  const reach = (field(job, filterWidthAt) - 1) * field(job, dilationWidthAt)
  return (evenWidth(job) - 1) * field(job, strideWidthAt) + reach + 1
}

function copyPixel(from: usize, to: usize, count: i32): void {
  if (count === 16) {
    v128.store(to, v128.load(from))
    v128.store(to, v128.load(from, 16), 16)
    v128.store(to, v128.load(from, 32), 32)
    v128.store(to, v128.load(from, 48), 48)
    return
  }
  for (let c = 0; c < 16; c += 4) {
    const at = (<usize>c) << 2
    v128.store(to + at, loadSome(from + at, count - c))
  }
}

function copyGradient(job: usize, image: i32, y: i32, rows: i32, to: usize, first: i32, count: i32): void {
  const width = field(job, outWidthAt)
  const step = (<usize>field(job, inChannelsAt)) << 2
  let from =
    address(job, otherAt) + <usize>((image * field(job, outHeightAt) + y) * width) * step + ((<usize>first) << 2)
  for (let row = 0; row < rows; row++) {
    for (let x = 0; x < width; x++) {
      copyPixel(from, to, count)
      from += step
      to += line
    }
    if (width & 1) {
      memory.fill(to, 0, line)
      to += line
    }
  }
}

function copyInput(job: usize, image: i32, y: i32, rows: i32, to: usize, first: i32, count: i32): void {
  const height = field(job, inHeightAt)
  const width = field(job, inWidthAt)
  const step = (<usize>field(job, inChannelsAt)) << 2
  const top = y * field(job, strideHeightAt) - field(job, padTopAt)
  const reach = (field(job, filterHeightAt) - 1) * field(job, dilationHeightAt)
  const inRows = (rows - 1) * field(job, strideHeightAt) + reach + 1
  const left = -field(job, padLeftAt)
  const across = readWidth(job)
  const image0 = address(job, inputAt) + <usize>(image * height * width) * step + ((<usize>first) << 2)
  for (let row = top; row < top + inRows; row++) {
    if (<u32>row >= <u32>height) {
      memory.fill(to, 0, <usize>across * line)
      to += <usize>across * line
      continue
    }
    const from = image0 + <usize>(row * width) * step
    for (let x = left; x < left + across; x++) {
      if (<u32>x < <u32>width) copyPixel(from + <usize>x * step, to, count)
      else memory.fill(to, 0, line)
      to += line
    }
  }
}

/** Adds what a row of the filter gets of some rows of dy, for four channels. */
function sumRow(job: usize, ky: i32, rows: i32, xs: usize, dys: usize, sums: usize): void {
  const filterWidth = field(job, filterWidthAt)
  const inRow = <usize>readWidth(job) * line
  const rowStep = <usize>field(job, strideHeightAt) * inRow
  const step = <usize>field(job, strideWidthAt) * line
  const dilation = <usize>field(job, dilationWidthAt) * line
  const width = evenWidth(job)
  const from = xs + <usize>(ky * field(job, dilationHeightAt)) * inRow
  sums += <usize>(ky * filterWidth) * line
  let kx = 0
  for (; kx + 3 <= filterWidth; kx += 3) {
    three(from + <usize>kx * dilation, dys, sums + <usize>kx * line, rows, width, rowStep, step, dilation)
  }
  for (; kx < filterWidth; kx++) {
    one(from + <usize>kx * dilation, dys, sums + <usize>kx * line, rows, width, rowStep, step)
  }
}

/** Three neighbouring taps together, so that dy is read once; two pixels at a time keep additions from waiting for one another. */
function three(
  xs: usize,
  dy: usize,
  sums: usize,
  rows: i32,
  width: i32,
  rowStep: usize,
  step: usize,
  dilation: usize,
): void {
  let a0 = f32x4.splat(0)
  let a1 = a0
  let a2 = a0
  let b0 = a0
  let b1 = a0
  let b2 = a0
  const dilation2 = dilation << 1
  const rowBytes = <usize>width * line
  for (let row = 0; row < rows; row++) {
    let p = xs
    const end = dy + rowBytes
    do {
      const d0 = v128.load(dy)
      const d1 = v128.load(dy, 64)
      const q = p + step
      a0 = fma(v128.load(p), d0, a0)
      a1 = fma(v128.load(p + dilation), d0, a1)
      a2 = fma(v128.load(p + dilation2), d0, a2)
      b0 = fma(v128.load(q), d1, b0)
      b1 = fma(v128.load(q + dilation), d1, b1)
      b2 = fma(v128.load(q + dilation2), d1, b2)
      p = q + step
      dy += 2 * line
    } while (dy !== end)
    xs += rowStep
  }
  v128.store(sums, f32x4.add(v128.load(sums), f32x4.add(a0, b0)))
  v128.store(sums, f32x4.add(v128.load(sums, 64), f32x4.add(a1, b1)), 64)
  v128.store(sums, f32x4.add(v128.load(sums, 128), f32x4.add(a2, b2)), 128)
}

function one(xs: usize, dy: usize, sums: usize, rows: i32, width: i32, rowStep: usize, step: usize): void {
  let a = f32x4.splat(0)
  let b = a
  const rowBytes = <usize>width * line
  for (let row = 0; row < rows; row++) {
    let p = xs
    const end = dy + rowBytes
    do {
      a = fma(v128.load(p), v128.load(dy), a)
      p += step
      b = fma(v128.load(p), v128.load(dy, 64), b)
      p += step
      dy += 2 * line
    } while (dy !== end)
    xs += rowStep
  }
  v128.store(sums, f32x4.add(v128.load(sums), f32x4.add(a, b)))
}
