// The gradient of a 3x3 convolution for its filter, as that of F(2x2, 3x3) (see winograd.ts): where that is
// y = A^T [(G g G^T) . (B^T d B)] A, it is G^T [sum over tiles of (A dy A^T) . (B^T d B)] G. The sum is a product of matrices for each
// of the 16 places of a tile, input channels by output channels, with the tiles as depth.

import {
  blockColumnsAt,
  blockPanelsAt,
  blockRowsAt,
  inChannelsAt,
  outChannelsAt,
  outputAt,
  rowsAt,
  scratchAt,
  scratchSizeAt,
} from '../src/engine/job-fields'
import { address, field } from './job'
import { storeSome } from './lanes'
import { panelAt, panelRows, sumTile } from './sum-tile'
import { tileRows } from './tile'
import { gradientPixels, transformGradient } from './winograd-gradient'
import { tilePixels, transformInput } from './winograd-input'

/** One line of the cache between panels and between planes, which would all begin in the same set of the cache. */
const gap: usize = 64

/**
 * One unit: the gradient of some input channels by some output channels.
 *
 * Scratch: addresses, the sums `[16, rows, columns]`, and of a block of tiles the input `[16, rows / panelRows, tiles, panelRows]` and
 * dy `[16, columns / 8, tiles, 8]`.
 */
export function winogradFilterGradient(job: usize, unit: i32, thread: i32): void {
  const inChannels = field(job, inChannelsAt)
  const outChannels = field(job, outChannelsAt)
  const mostRows = field(job, blockColumnsAt)
  const mostColumns = field(job, blockPanelsAt) << 3
  const groups = (outChannels + mostColumns - 1) / mostColumns
  const firstRow = (unit / groups) * mostRows
  const rows = min(mostRows, inChannels - firstRow)
  const firstColumn = (unit % groups) * mostColumns
  const columns = min(mostColumns, outChannels - firstColumn)

  const most = field(job, blockRowsAt)
  const leftPanel = ((<usize>(most * panelRows)) << 2) + gap
  const leftPlane = <usize>((mostRows + panelRows - 1) / panelRows) * leftPanel
  const rightPanel = ((<usize>most) << 5) + gap
  const rightPlane = <usize>(mostColumns >> 3) * rightPanel
  const step = (<usize>mostColumns) << 2
  const sumPlane = <usize>mostRows * step + gap
  const table = address(job, scratchAt) + <usize>thread * address(job, scratchSizeAt)
  const sums = table + 320
  const left = sums + 16 * sumPlane
  const right = left + 16 * leftPlane

  const tiles = field(job, rowsAt)
  for (let first = 0; first < tiles; first += most) {
    const count = min(most, tiles - first)
    for (let i = 0; i < count; i += 4) {
      const some = min(4, count - i)
      for (let k = 0; k < some; k++) {
        tilePixels(job, first + i + k, table + ((<usize>k) << 6))
        gradientPixels(job, first + i + k, table + 256 + ((<usize>k) << 4))
      }
      packInput(table, some, firstRow, rows, left + ((<usize>(i * panelRows)) << 2), leftPanel, leftPlane)
      packGradient(table + 256, some, firstColumn, columns, right + ((<usize>i) << 5), rightPanel, rightPlane)
    }
    for (let plane: usize = 0; plane < 16; plane++) {
      let to = sums + plane * sumPlane
      let weights = right + plane * rightPlane
      for (let column = 0; column < columns; column += 8) {
        const values = left + plane * leftPlane
        let at = to
        for (let row = 0; row < rows; row += tileRows) {
          sumTile(values + panelAt(row, leftPanel), weights, count, at, step, first !== 0)
          at += <usize>tileRows * step
        }
        to += 32
        weights += rightPanel
      }
    }
  }
  const tapStep = (<usize>outChannels) << 2
  const tap = <usize>inChannels * tapStep
  let to = address(job, outputAt) + <usize>firstRow * tapStep + ((<usize>firstColumn) << 2)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column += 4) {
      const at = (<usize>column) << 2
      transformSums(sums + <usize>row * step + at, sumPlane, table, to + at, tap, columns - column)
    }
    to += tapStep
  }
}

/** Transforms the input of up to four tiles, whose pixels' addresses are in a table: in the panels that fills lines of the cache. */
function packInput(
  table: usize,
  tiles: i32,
  channel: i32,
  count: i32,
  to: usize,
  panelBytes: usize,
  planeBytes: usize,
): void {
  for (let c = 0; c < count; c += 4) {
    const from = (<usize>(channel + c)) << 2
    let at = to + panelAt(c, panelBytes)
    for (let i = 0; i < tiles; i++) {
      transformInput(table + ((<usize>i) << 6), from, at, planeBytes)
      at += (<usize>panelRows) << 2
    }
  }
}

/** The same of dy. */
function packGradient(
  table: usize,
  tiles: i32,
  channel: i32,
  count: i32,
  to: usize,
  panelBytes: usize,
  planeBytes: usize,
): void {
  for (let c = 0; c < count; c += 8) {
    const from = (<usize>(channel + c)) << 2
    for (let i = 0; i < tiles; i++) {
      const at = to + ((<usize>i) << 5)
      transformGradient(table + ((<usize>i) << 4), from, count - c, at, planeBytes)
      transformGradient(table + ((<usize>i) << 4), from + 16, count - c - 4, at + 16, planeBytes)
    }
    to += panelBytes
  }
}

/** G^T m G of four output channels, into the nine taps; G^T m goes to scratch memory, `[3, 4, 4]`. */
function transformSums(from: usize, plane: usize, scratch: usize, to: usize, tap: usize, count: i32): void {
  const half = f32x4.splat(0.5)
  for (let column: usize = 0; column < 64; column += 16) {
    const m1 = v128.load(from + 4 * plane)
    const m2 = v128.load(from + 8 * plane)
    const both = f32x4.mul(half, f32x4.add(m1, m2))
    v128.store(scratch + column, f32x4.add(v128.load(from), both))
    v128.store(scratch + column, f32x4.mul(half, f32x4.sub(m1, m2)), 64)
    v128.store(scratch + column, f32x4.add(v128.load(from + 12 * plane), both), 128)
    from += plane
  }
  for (let row: usize = 0; row < 192; row += 64) {
    const m1 = v128.load(scratch + row, 16)
    const m2 = v128.load(scratch + row, 32)
    const both = f32x4.mul(half, f32x4.add(m1, m2))
    const left = f32x4.add(v128.load(scratch + row), both)
    const middle = f32x4.mul(half, f32x4.sub(m1, m2))
    const right = f32x4.add(v128.load(scratch + row, 48), both)
    if (count >= 4) {
      v128.store(to, left)
      v128.store(to + tap, middle)
      v128.store(to + 2 * tap, right)
    } else {
      storeSome(to, left, count)
      storeSome(to + tap, middle, count)
      storeSome(to + 2 * tap, right, count)
    }
    to += 3 * tap
  }
}
