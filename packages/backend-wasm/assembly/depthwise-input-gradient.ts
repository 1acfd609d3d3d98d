import {
  dilationHeightAt,
  dilationWidthAt,
  filterHeightAt,
  filterWidthAt,
  inChannelsAt,
  inHeightAt,
  inWidthAt,
  otherAt,
  outHeightAt,
  outputAt,
  outWidthAt,
  padLeftAt,
  padTopAt,
  strideHeightAt,
  strideWidthAt,
  weightsAt,
} from '../src/engine/job-fields'
import { pairsByFive, pairsBySeven, pairsByThree } from './depthwise-pairs'
import { fma } from './fma'
import { address, field } from './job'
import { loadSome, storeSome } from './lanes'

/**
 * One unit of the gradient of a strided depthwise convolution for its input: a row of the input, from the rows of dy that read it. No
 * pixel of dy is multiplied with a tap that it did not go through, as it would be with zeros set between the pixels.
 */
export function depthwiseInputGradient(job: usize, unit: i32): void {
  const inHeight = field(job, inHeightAt)
  const outHeight = field(job, outHeightAt)
  const outWidth = field(job, outWidthAt)
  const stride = field(job, strideHeightAt)
  const filterWidth = field(job, filterWidthAt)
  const step = (<usize>field(job, inChannelsAt)) << 2
  const image = unit / inHeight
  const rowBytes = <usize>field(job, inWidthAt) * step
  const to = address(job, outputAt) + <usize>unit * rowBytes
  const bottom = unit - image * inHeight + field(job, padTopAt)
  let adds = false
  for (let ky = 0; ky < field(job, filterHeightAt); ky++) {
    const reach = bottom - ky * field(job, dilationHeightAt)
    const y = reach / stride
    if (reach < 0 || y * stride !== reach || y >= outHeight) continue
    const dy = address(job, otherAt) + <usize>((image * outHeight + y) * outWidth) * step
    addRow(job, dy, address(job, weightsAt) + <usize>(ky * filterWidth) * step, to, adds)
    adds = true
  }
  if (!adds) memory.fill(to, 0, rowBytes)
}

/**
 * Writes what a row of dy and a row of the filter give, or adds it. At stride 2 even and odd pixels go in pairs, two of them together, as
 * far as all that they need of dy is there: the taps of a pair share the pixels of dy. All else goes tap by tap.
 */
function addRow(job: usize, dy: usize, weights: usize, to: usize, adds: bool): void {
  const width = field(job, inWidthAt)
  const padLeft = field(job, padLeftAt)
  const filterWidth = field(job, filterWidthAt)
  const channels = field(job, inChannelsAt)
  const step = (<usize>channels) << 2
  const whole = (<usize>(channels & ~3)) << 2
  const paired = field(job, strideWidthAt) === 2 && field(job, dilationWidthAt) === 1
  let first = 0
  let last = 0
  if (paired && (filterWidth === 3 || filterWidth === 5 || filterWidth === 7)) {
    // Of dy: a pair needs its pixel and as many before it as the filter has taps on both sides of its middle.
    first = max(filterWidth >> 1, (padLeft + 1) >> 1)
    last = max(first, min(field(job, outWidthAt), (width + padLeft) >> 1))
    last -= (last - first) & 1
    for (let j = first; j < last && whole > 0; j += 2) {
      const from = dy + <usize>j * step
      const target = to + <usize>(2 * j - padLeft) * step
      if (filterWidth === 3) pairsByThree(from, step, target + whole, weights, target, adds)
      else if (filterWidth === 5) pairsByFive(from, step, target + whole, weights, target, adds)
      else pairsBySeven(from, step, target + whole, weights, target, adds)
    }
  }
  const begin = 2 * first - padLeft
  for (let x = 0; x < width; x++) {
    const done = last > first && x >= begin && x < 2 * last - padLeft
    addPixel(job, x, dy, weights, to + <usize>x * step, done ? whole : 0, adds)
  }
}

/** The same of a pixel, from a channel on. */
function addPixel(job: usize, x: i32, dy: usize, weights: usize, to: usize, from: usize, adds: bool): void {
  const step = (<usize>field(job, inChannelsAt)) << 2
  if (from === step) return
  const stride = field(job, strideWidthAt)
  if (!adds) memory.fill(to + from, 0, step - from)
  for (let kx = 0; kx < field(job, filterWidthAt); kx++) {
    const reach = x + field(job, padLeftAt) - kx * field(job, dilationWidthAt)
    const at = reach / stride
    if (reach < 0 || at * stride !== reach || at >= field(job, outWidthAt)) continue
    const pixel = dy + <usize>at * step
    const tap = weights + <usize>kx * step
    let c = from
    for (; c + 16 <= step; c += 16) {
      v128.store(to + c, fma(v128.load(pixel + c), v128.load(tap + c), v128.load(to + c)))
    }
    const rest = <i32>((step - c) >> 2)
    if (rest > 0) {
      storeSome(to + c, fma(loadSome(pixel + c, rest), loadSome(tap + c, rest), loadSome(to + c, rest)), rest)
    }
  }
}
