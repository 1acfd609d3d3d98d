import {
  blockPanelsAt,
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
  rowsAt,
  scratchAt,
  scratchSizeAt,
  strideHeightAt,
  strideWidthAt,
} from '../src/engine/job-fields'
import { fiveTaps, nineTaps, oneTap, sevenTaps } from './depthwise-sums'
import { address, field } from './job'

/** A line of the cache between pixels, which would else lie in the same few sets of it. */
const gap: usize = 64

/**
 * One unit: what some rows of dy of some images give to the gradient of a depthwise filter, `[taps, channels]`, for each tap the
 * input that it reads times dy, summed over the pixels. The host sums over the units.
 *
 * The rows of the input that the taps of a row of dy read are first copied, with zeros where the input ends: so the sums know no
 * edges. Scratch: the sums `[channels / 4, taps, 4]`, and the rows.
 */
export function depthwiseFilterGradient(job: usize, unit: i32, thread: i32): void {
  const channels = field(job, inChannelsAt)
  const taps = field(job, filterHeightAt) * field(job, filterWidthAt)
  const outHeight = field(job, outHeightAt)
  const most = field(job, blockRowsAt)
  const blocks = (outHeight + most - 1) / most
  const images = field(job, blockPanelsAt)
  const firstImage = (unit / blocks) * images
  const lastImage = min(field(job, rowsAt), firstImage + images)
  const first = (unit % blocks) * most
  const last = min(outHeight, first + most)
  const quadBytes = (<usize>taps) << 4
  const sums = address(job, scratchAt) + <usize>thread * address(job, scratchSizeAt)
  const rows = sums + <usize>((channels + 3) >> 2) * quadBytes
  const stride = field(job, strideHeightAt)
  const padTop = field(job, padTopAt)
  const reach = (field(job, filterHeightAt) - 1) * field(job, dilationHeightAt)
  const dyBytes = <usize>field(job, outWidthAt) * ((<usize>channels) << 2)
  memory.fill(sums, 0, rows - sums)
  for (let image = firstImage; image < lastImage; image++) {
    let next = 0
    let dy = address(job, otherAt) + <usize>(image * outHeight + first) * dyBytes
    // Rows are counted from the top of the padding.
    for (let top = first * stride; top < last * stride; top += stride) {
      next = max(next, top)
      for (; next <= top + reach; next++) copyRow(job, image, next - padTop, rowAt(job, rows, next))
      sumRow(job, rows, top, dy, sums)
      dy += dyBytes
    }
  }
  const step = (<usize>channels) << 2
  let to = address(job, outputAt) + <usize>(unit * taps) * step
  for (let tap = 0; tap < taps; tap++) {
    let from = sums + ((<usize>tap) << 4)
    for (let channel = 0; channel < channels; channel += 4) {
      v128.store(to + ((<usize>min(channel, channels - 4)) << 2), v128.load(from))
      from += quadBytes
    }
    to += step
  }
}

/** Pixels of a row that is copied: all that the taps of a row of dy read. */
function readWidth(job: usize): i32 {
  const reach = (field(job, filterWidthAt) - 1) * field(job, dilationWidthAt)
  return (field(job, outWidthAt) - 1) * field(job, strideWidthAt) + reach + 1
}

function pixelBytes(job: usize): usize {
  return ((<usize>field(job, inChannelsAt)) << 2) + gap
}

/** Where a row of the input is copied to, over one that no tap reads any more. */
function rowAt(job: usize, rows: usize, row: i32): usize {
  const kept = (field(job, filterHeightAt) - 1) * field(job, dilationHeightAt) + 1
  return rows + <usize>((row % kept) * readWidth(job)) * pixelBytes(job)
}

function copyRow(job: usize, image: i32, row: i32, to: usize): void {
  const height = field(job, inHeightAt)
  const width = field(job, inWidthAt)
  const channels = field(job, inChannelsAt)
  const padLeft = field(job, padLeftAt)
  const across = readWidth(job)
  const toStep = pixelBytes(job)
  const step = (<usize>channels) << 2
  if (<u32>row >= <u32>height) {
    memory.fill(to, 0, <usize>across * toStep)
    return
  }
  const from = address(job, inputAt) + <usize>((image * height + row) * width) * step
  for (let x = 0; x < across; x++) {
    if (<u32>(x - padLeft) >= <u32>width) memory.fill(to, 0, step)
    else {
      const pixel = from + <usize>(x - padLeft) * step
      let at: usize = 0
      for (; at + 64 <= step; at += 64) {
        v128.store(to + at, v128.load(pixel + at))
        v128.store(to + at, v128.load(pixel + at, 16), 16)
        v128.store(to + at, v128.load(pixel + at, 32), 32)
        v128.store(to + at, v128.load(pixel + at, 48), 48)
      }
      for (; at + 16 < step; at += 16) v128.store(to + at, v128.load(pixel + at))
      v128.store(to + step - 16, v128.load(pixel + step - 16))
    }
    to += toStep
  }
}

/** Adds what a row of dy gives. */
function sumRow(job: usize, rows: usize, top: i32, dy: usize, sums: usize): void {
  const channels = field(job, inChannelsAt)
  const filterHeight = field(job, filterHeightAt)
  const filterWidth = field(job, filterWidthAt)
  const dilationHeight = field(job, dilationHeightAt)
  const dyStep = (<usize>channels) << 2
  const end = <usize>field(job, outWidthAt) * dyStep
  const step = <usize>field(job, strideWidthAt) * pixelBytes(job)
  const dilation = <usize>field(job, dilationWidthAt) * pixelBytes(job)
  const quadBytes = (<usize>(filterHeight * filterWidth)) << 4
  if (filterHeight === 3 && filterWidth === 3) {
    const a = rowAt(job, rows, top)
    const b = rowAt(job, rows, top + dilationHeight)
    const c = rowAt(job, rows, top + 2 * dilationHeight)
    for (let channel = 0; channel < channels; channel += 4) {
      const at = (<usize>min(channel, channels - 4)) << 2
      nineTaps(a + at, b + at, c + at, step, dilation, dy + at, dy + at + end, dyStep, sums)
      sums += quadBytes
    }
    return
  }
  for (let ky = 0; ky < filterHeight; ky++) {
    const row = rowAt(job, rows, top + ky * dilationHeight)
    let to = sums + ((<usize>(ky * filterWidth)) << 4)
    for (let channel = 0; channel < channels; channel += 4) {
      const at = (<usize>min(channel, channels - 4)) << 2
      const d = dy + at
      let x = row + at
      let kx = 0
      for (; kx + 7 <= filterWidth; kx += 7) {
        sevenTaps(x, step, dilation, d, d + end, dyStep, to + ((<usize>kx) << 4))
        x += 7 * dilation
      }
      for (; kx + 5 <= filterWidth; kx += 5) {
        fiveTaps(x, step, dilation, d, d + end, dyStep, to + ((<usize>kx) << 4))
        x += 5 * dilation
      }
      for (; kx < filterWidth; kx++) {
        oneTap(x, step, d, d + end, dyStep, to + ((<usize>kx) << 4))
        x += dilation
      }
      to += quadBytes
    }
  }
}
