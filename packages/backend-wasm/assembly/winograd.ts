// F(2x2, 3x3) of Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks" (2015), section 4.1: four outputs
// cost 16 multiplications where the sum over taps takes 36.

import {
  biasAt,
  blockPanelsAt,
  blockRowsAt,
  highestAt,
  inChannelsAt,
  lowestAt,
  outChannelsAt,
  outHeightAt,
  outputAt,
  outWidthAt,
  padLeftAt,
  padTopAt,
  rowsAt,
  scratchAt,
  scratchSizeAt,
  weightsAt,
} from '../src/engine/job-fields'
import { residualOf, storeRow } from './epilogue'
import { pixelAt } from './indirection'
import { address, field, splat } from './job'
import { loadSome } from './lanes'
import { tile, tileRows } from './tile'

/**
 * One unit: a block of tiles (2x2 outputs each, from 4x4 inputs) times some panels of output channels. Scratch: addresses,
 * the transformed input `[16, tiles, channels]`, and a panel's products `[16, tiles, 8]`.
 */
export function winograd(job: usize, unit: i32, thread: i32): void {
  const channels = field(job, outChannelsAt)
  const panels = (channels + 7) >> 3
  const blockPanels = field(job, blockPanelsAt)
  const groups = (panels + blockPanels - 1) / blockPanels
  const blockRows = field(job, blockRowsAt)
  const first = (unit / groups) * blockRows
  const tiles = min(blockRows, field(job, rowsAt) - first)
  const firstPanel = (unit % groups) * blockPanels
  const lastPanel = min(panels, firstPanel + blockPanels)
  const depth = field(job, inChannelsAt)

  const scratch = address(job, scratchAt) + <usize>thread * address(job, scratchSizeAt)
  const table = scratch
  const products = scratch + 256
  const productBytes = (<usize>blockRows) << 5
  const inputs = products + 16 * productBytes
  // One cache line more: the 16 planes would otherwise fall into the same sets of the cache.
  const planeBytes = ((<usize>(blockRows * depth)) << 2) + 64
  for (let i = 0; i < tiles; i++) {
    transformInput(job, first + i, inputs + ((<usize>(i * depth)) << 2), planeBytes, table)
  }

  const zero = f32x4.splat(0)
  const lowest = f32x4.splat(-Infinity)
  const highest = f32x4.splat(Infinity)
  const planeWeights = (<usize>depth) << 5
  for (let panel = firstPanel; panel < lastPanel; panel++) {
    let weights = address(job, weightsAt) + <usize>panel * 16 * planeWeights
    for (let plane = 0; plane < 16; plane++) {
      const plainInputs = inputs + <usize>plane * planeBytes
      let to = products + <usize>plane * productBytes
      for (let row = 0; row < tiles; row += tileRows) {
        for (let i = 0; i < tileRows; i++) {
          const at = min(row + i, tiles - 1)
          store<u32>(table + ((<usize>i) << 2), <u32>(plainInputs + ((<usize>(at * depth)) << 2)))
        }
        tile(table, 1, depth, weights, to, 32, tiles - row, 8, zero, zero, lowest, highest, 0)
        to += (<usize>tileRows) << 5
      }
      weights += planeWeights
    }
    for (let i = 0; i < tiles; i++) transformOutput(job, first + i, panel, products + ((<usize>i) << 5), productBytes)
  }
}

/** The first tile's row and column, of tile number `index`: image, top, left. */
function transformInput(job: usize, index: i32, to: usize, planeBytes: usize, table: usize): void {
  const across = (field(job, outWidthAt) + 1) >> 1
  const down = (field(job, outHeightAt) + 1) >> 1
  const image = index / (across * down)
  const tileAt = index - image * across * down
  const row = tileAt / across
  const top = (row << 1) - field(job, padTopAt)
  const left = ((tileAt - row * across) << 1) - field(job, padLeftAt)
  for (let y = 0; y < 4; y++) {
    for (let x = 0; x < 4; x++) {
      store<u32>(table + ((<usize>(y * 4 + x)) << 2), <u32>pixelAt(job, image, top + y, left + x))
    }
  }
  const bytes = (<usize>field(job, inChannelsAt)) << 2
  for (let c: usize = 0; c < bytes; c += 16) {
    // B^T d, row by row of the result, then (B^T d) B.
    inputRow(table, 0, 32, c, to + c, planeBytes, false)
    inputRow(table, 16, 32, c, to + c + 4 * planeBytes, planeBytes, true)
    inputRow(table, 32, 16, c, to + c + 8 * planeBytes, planeBytes, false)
    inputRow(table, 16, 48, c, to + c + 12 * planeBytes, planeBytes, false)
  }
}

/** The sum or difference of two rows of pixels, and from it a row of the transformed input. */
function inputRow(table: usize, a: usize, b: usize, c: usize, to: usize, planeBytes: usize, sum: bool): void {
  const t0 = combined(table, a, b, c, sum)
  const t1 = combined(table, a + 4, b + 4, c, sum)
  const t2 = combined(table, a + 8, b + 8, c, sum)
  const t3 = combined(table, a + 12, b + 12, c, sum)
  v128.store(to, f32x4.sub(t0, t2))
  v128.store(to + planeBytes, f32x4.add(t1, t2))
  v128.store(to + 2 * planeBytes, f32x4.sub(t2, t1))
  v128.store(to + 3 * planeBytes, f32x4.sub(t1, t3))
}

function combined(table: usize, a: usize, b: usize, c: usize, sum: bool): v128 {
  const left = v128.load(<usize>load<u32>(table + a) + c)
  const right = v128.load(<usize>load<u32>(table + b) + c)
  return sum ? f32x4.add(left, right) : f32x4.sub(left, right)
}

function transformOutput(job: usize, index: i32, panel: i32, from: usize, productBytes: usize): void {
  const height = field(job, outHeightAt)
  const width = field(job, outWidthAt)
  const across = (width + 1) >> 1
  const down = (height + 1) >> 1
  const image = index / (across * down)
  const tileAt = index - image * across * down
  const y = (tileAt / across) << 1
  const x = (tileAt % across) << 1
  const channels = field(job, outChannelsAt)
  const channel = panel << 3
  const pixel = (image * height + y) * width + x
  const step = (<usize>channels) << 2
  const to = address(job, outputAt) + <usize>pixel * step + ((<usize>channel) << 2)
  const right = x + 1 < width
  outputRow(job, from, productBytes, to, step, channel, right, false)
  if (y + 1 < height) outputRow(job, from, productBytes, to + <usize>width * step, step, channel, right, true)
}

/** A row of A^T m A, with bias and activation: one pixel, or two. */
function outputRow(
  job: usize,
  from: usize,
  plane: usize,
  to: usize,
  step: usize,
  channel: i32,
  both: bool,
  second: bool,
): void {
  const count = field(job, outChannelsAt) - channel
  const bias = address(job, biasAt)
  let l = f32x4.splat(0)
  let r = f32x4.splat(0)
  if (bias !== 0) {
    l = loadSome(bias + ((<usize>channel) << 2), count)
    r = loadSome(bias + ((<usize>channel) << 2) + 16, count - 4)
  }
  const lowest = splat(job, lowestAt)
  const highest = splat(job, highestAt)
  const residual = residualOf(job)
  const l0 = productColumn(from, plane, second)
  const l1 = productColumn(from + plane, plane, second)
  const l2 = productColumn(from + 2 * plane, plane, second)
  const r0 = productColumn(from + 16, plane, second)
  const r1 = productColumn(from + 16 + plane, plane, second)
  const r2 = productColumn(from + 16 + 2 * plane, plane, second)
  storeRow(
    to,
    f32x4.add(l, f32x4.add(l0, f32x4.add(l1, l2))),
    f32x4.add(r, f32x4.add(r0, f32x4.add(r1, r2))),
    count,
    lowest,
    highest,
    residual,
  )
  if (!both) return
  const l3 = productColumn(from + 3 * plane, plane, second)
  const r3 = productColumn(from + 16 + 3 * plane, plane, second)
  storeRow(
    to + step,
    f32x4.add(l, f32x4.sub(f32x4.sub(l1, l2), l3)),
    f32x4.add(r, f32x4.sub(f32x4.sub(r1, r2), r3)),
    count,
    lowest,
    highest,
    residual,
  )
}

/** A^T times a column of the products: its first or its second row. */
function productColumn(from: usize, plane: usize, second: bool): v128 {
  const m1 = v128.load(from + 4 * plane)
  const m2 = v128.load(from + 8 * plane)
  if (second) return f32x4.sub(f32x4.sub(m1, m2), v128.load(from + 12 * plane))
  return f32x4.add(f32x4.add(v128.load(from), m1), m2)
}

/** Writes G g G^T of a filter `[3, 3, depth, channels]` as `[channels / 8, 16, depth, 8]`, filled up with zeros. */
export function packWinograd(from: usize, to: usize, depth: i32, channels: i32): void {
  const half = f32x4.splat(0.5)
  const plane = (<usize>depth) << 5
  const tap = (<usize>(depth * channels)) << 2
  for (let channel = 0; channel < channels; channel += 8) {
    for (let k = 0; k < depth; k++) {
      for (let part = 0; part < 8; part += 4) {
        const count = channels - channel - part
        const source = from + ((<usize>(k * channels + channel + part)) << 2)
        let target = to + ((<usize>k) << 5) + ((<usize>part) << 2)
        for (let row = 0; row < 4; row++) {
          const g0 = filterColumn(source, tap, row, count, half)
          const g1 = filterColumn(source + tap, tap, row, count, half)
          const g2 = filterColumn(source + 2 * tap, tap, row, count, half)
          const outer = f32x4.add(g0, g2)
          v128.store(target, g0)
          v128.store(target + plane, f32x4.mul(half, f32x4.add(outer, g1)))
          v128.store(target + 2 * plane, f32x4.mul(half, f32x4.sub(outer, g1)))
          v128.store(target + 3 * plane, g2)
          target += 4 * plane
        }
      }
    }
    to += 16 * plane
  }
}

/** A value of G times a column of the filter, whose rows are three taps apart. */
function filterColumn(from: usize, tap: usize, row: i32, count: i32, half: v128): v128 {
  if (count <= 0) return f32x4.splat(0)
  if (row === 0) return loadSome(from, count)
  const bottom = loadSome(from + 6 * tap, count)
  if (row === 3) return bottom
  const outer = f32x4.add(loadSome(from, count), bottom)
  const middle = loadSome(from + 3 * tap, count)
  return f32x4.mul(half, row === 1 ? f32x4.add(outer, middle) : f32x4.sub(outer, middle))
}
