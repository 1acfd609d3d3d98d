import {
  blockPanelsAt,
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
  strideHeightAt,
  strideWidthAt,
  weightsAt,
} from '../src/engine/job-fields'
import { address, field } from './job'
import { loadSome, storeSome } from './lanes'

/** One unit of a pool's gradient: an image's channels, as many as a unit takes. Windows may overlap, so no other unit writes there. */
export function poolGradient(job: usize, unit: i32, isMax: bool): void {
  const channels = field(job, inChannelsAt)
  const block = field(job, blockPanelsAt) * 4
  const groups = (channels + block - 1) / block
  const image = unit / groups
  const first = (unit % groups) * block
  const last = min(channels, first + block)
  const step = (<usize>channels) << 2
  const pixels = field(job, inHeightAt) * field(job, inWidthAt)
  let at = address(job, outputAt) + <usize>(image * pixels) * step + ((<usize>first) << 2)
  for (let i = 0; i < pixels; i++) {
    memory.fill(at, 0, (<usize>(last - first)) << 2)
    at += step
  }
  const outWidth = field(job, outWidthAt)
  for (let y = 0; y < field(job, outHeightAt); y++) {
    for (let x = 0; x < outWidth; x++) window(job, image, y, x, first, last, isMax)
  }
}

/** Hands a window's dy on, four channels at a time. */
function window(job: usize, image: i32, y: i32, x: i32, first: i32, last: i32, isMax: bool): void {
  const inHeight = field(job, inHeightAt)
  const inWidth = field(job, inWidthAt)
  const corner = y * field(job, strideHeightAt) - field(job, padTopAt)
  const edge = x * field(job, strideWidthAt) - field(job, padLeftAt)
  const top = max(0, corner)
  const left = max(0, edge)
  const rows = min(inHeight, corner + field(job, filterHeightAt)) - top
  const columns = min(inWidth, edge + field(job, filterWidthAt)) - left
  const step = (<usize>field(job, inChannelsAt)) << 2
  const from = <usize>((image * inHeight + top) * inWidth + left) * step
  const pixel = <usize>((image * field(job, outHeightAt) + y) * field(job, outWidthAt) + x) * step
  const rowStep = <usize>inWidth * step
  for (let channel = first; channel < last; channel += 4) {
    const at = (<usize>channel) << 2
    const count = min(4, last - channel)
    const dy = loadSome(address(job, otherAt) + pixel + at, count)
    const to = address(job, outputAt) + from + at
    if (isMax) {
      const y = loadSome(address(job, weightsAt) + pixel + at, count)
      toFirst(address(job, inputAt) + from + at, to, y, dy, rows, columns, step, rowStep, count)
    } else toAll(to, f32x4.mul(dy, f32x4.splat(1 / <f32>(rows * columns))), rows, columns, step, rowStep, count)
  }
}

/** The first value of the window that is the maximum gets it, as in TensorFlow. */
function toFirst(
  x: usize,
  to: usize,
  y: v128,
  dy: v128,
  rows: i32,
  columns: i32,
  step: usize,
  rowStep: usize,
  count: i32,
): void {
  let open = i32x4.splat(-1)
  for (let row = 0; row < rows; row++) {
    let at = <usize>row * rowStep
    for (let column = 0; column < columns; column++) {
      const here = v128.and(open, f32x4.eq(loadSome(x + at, count), y))
      if (v128.any_true(here)) {
        storeSome(to + at, f32x4.add(loadSome(to + at, count), v128.and(dy, here)), count)
        open = v128.andnot(open, here)
        if (!v128.any_true(open)) return
      }
      at += step
    }
  }
}

function toAll(to: usize, share: v128, rows: i32, columns: i32, step: usize, rowStep: usize, count: i32): void {
  for (let row = 0; row < rows; row++) {
    let at = to + <usize>row * rowStep
    for (let column = 0; column < columns; column++) {
      storeSome(at, f32x4.add(loadSome(at, count), share), count)
      at += step
    }
  }
}
