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
  outPixelAt,
  outputAt,
  outWidthAt,
  rowsAt,
  scratchAt,
  scratchSizeAt,
  weightsAt,
} from '../src/engine/job-fields'
import { residualOf, storeRow } from './epilogue'
import { address, field, splat } from './job'
import { loadSome } from './lanes'
import { tile, tileRows } from './tile'
import { tilePixels, transformInput } from './winograd-input'
import { weightPlane } from './winograd-packing'

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
  const bytes = (<usize>depth) << 2
  for (let i = 0; i < tiles; i++) {
    tilePixels(job, first + i, table)
    const to = inputs + ((<usize>(i * depth)) << 2)
    for (let c: usize = 0; c < bytes; c += 16) transformInput(table, c, to + c, planeBytes)
  }

  const planeWeights = weightPlane(depth)
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
        tile(table, 1, depth, weights, to)
        to += (<usize>tileRows) << 5
      }
      weights += planeWeights
    }
    for (let i = 0; i < tiles; i++) transformOutput(job, first + i, panel, products + ((<usize>i) << 5), productBytes)
  }
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
  const channel = panel << 3
  const pixel = (image * height + y) * width + x
  const step = (<usize>field(job, outPixelAt)) << 2
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
