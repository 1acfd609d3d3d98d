// The gradient of a convolution for its filter is a product too: for a tap, the input that it reads, transposed, times dy, summed
// over the pixels. Here rows of a tile are input channels, and its depth are pixels.

import {
  blockColumnsAt,
  blockPanelsAt,
  blockRowsAt,
  dilationHeightAt,
  dilationWidthAt,
  filterHeightAt,
  filterWidthAt,
  gatheredAt,
  inChannelsAt,
  otherAt,
  outChannelsAt,
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
import { gatherPatches, pixelAt } from './indirection'
import { address, field } from './job'
import { copyWords, loadSome } from './lanes'
import { panelAt, panelRows, sumTile } from './sum-tile'
import { tileRows } from './tile'

/** One line of the cache more than a panel has: panels of a power of two would all begin in the same set of the cache. */
const gap: usize = 64

/** Bytes from a panel of so many pixels to the next. */
function panelStep(pixels: i32, width: i32): usize {
  return ((<usize>(pixels * width)) << 2) + gap
}

/**
 * One unit: the gradient of some input channels by some output channels of one tap. Pixels go in blocks, whose input and dy are
 * copied into panels that the tiles read one after the other: in place, pixels of many channels would fall into the same
 * few sets of the cache.
 *
 * Scratch: panels of the input `[channels / panelRows, pixels, panelRows]`, of dy `[channels / 8, pixels, 8]`, the sums, gathered patches.
 */
export function filterGradient(job: usize, unit: i32, thread: i32): void {
  const taps = field(job, filterHeightAt) * field(job, filterWidthAt)
  const gathered = field(job, gatheredAt) !== 0
  // Patches are one tap of many channels.
  const inChannels = gathered ? taps * field(job, inChannelsAt) : field(job, inChannelsAt)
  const outChannels = field(job, outChannelsAt)
  const mostRows = field(job, blockColumnsAt)
  const rowGroups = (inChannels + mostRows - 1) / mostRows
  const panels = (outChannels + 7) >> 3
  const blockPanels = field(job, blockPanelsAt)
  const groups = (panels + blockPanels - 1) / blockPanels

  const rowGroup = unit / groups
  const tap = rowGroup / rowGroups
  const firstRow = (rowGroup % rowGroups) * mostRows
  const rows = min(inChannels - firstRow, mostRows)
  const firstColumn = (unit % groups) * blockPanels * 8
  const columns = min(outChannels - firstColumn, blockPanels * 8)

  const most = field(job, blockRowsAt)
  const left = address(job, scratchAt) + <usize>thread * address(job, scratchSizeAt)
  const leftStep = panelStep(most, panelRows)
  const rightStep = panelStep(most, 8)
  const right = left + <usize>((mostRows + panelRows - 1) / panelRows) * leftStep
  const step = (<usize>outChannels) << 2
  const sums = right + <usize>blockPanels * rightStep
  const sumStep = (<usize>blockPanels) << 5
  const table = sums + <usize>mostRows * sumStep
  const pixels = field(job, rowsAt)
  for (let first = 0; first < pixels; first += most) {
    const count = min(most, pixels - first)
    if (gathered) {
      const patches = table + ((<usize>(most + tileRows)) << 2)
      gatherPatches(job, table, patches, first, count)
      const bytes = (<usize>inChannels) << 2
      packRows(patches + ((<usize>firstRow) << 2), bytes, left, leftStep, count, rows)
    } else packTap(job, tap, left, leftStep, first, count, firstRow, rows)
    const dy = address(job, otherAt) + <usize>first * step + ((<usize>firstColumn) << 2)
    packColumns(dy, step, right, rightStep, count, columns)
    let weights = right
    for (let column = 0; column < columns; column += 8) {
      let at = sums + ((<usize>column) << 2)
      for (let row = 0; row < rows; row += tileRows) {
        sumTile(left + panelAt(row, leftStep), weights, count, at, sumStep, first !== 0)
        at += <usize>tileRows * sumStep
      }
      weights += rightStep
    }
  }
  let to = address(job, outputAt) + <usize>(tap * inChannels + firstRow) * step + ((<usize>firstColumn) << 2)
  for (let row = 0; row < rows; row++) {
    copyWords(sums + <usize>row * sumStep, to, columns)
    to += step
  }
}

/** Copies what a tap reads for some pixels into panels. */
function packTap(
  job: usize,
  tap: i32,
  to: usize,
  panelBytes: usize,
  first: i32,
  count: i32,
  channel: i32,
  channels: i32,
): void {
  const filterWidth = field(job, filterWidthAt)
  const ky = tap / filterWidth
  const outHeight = field(job, outHeightAt)
  const outWidth = field(job, outWidthAt)
  const strideHeight = field(job, strideHeightAt)
  const strideWidth = field(job, strideWidthAt)
  const top = ky * field(job, dilationHeightAt) - field(job, padTopAt)
  const left = (tap - ky * filterWidth) * field(job, dilationWidthAt) - field(job, padLeftAt)
  let image = first / (outHeight * outWidth)
  let y = first / outWidth - image * outHeight
  let x = first % outWidth
  const at = (<usize>channel) << 2
  for (let i = 0; i < count; i++) {
    packPixel(pixelAt(job, image, top + y * strideHeight, left + x * strideWidth) + at, to, channels, panelBytes)
    to += (<usize>panelRows) << 2
    if (++x === outWidth) {
      x = 0
      if (++y === outHeight) {
        y = 0
        image++
      }
    }
  }
}

function packRows(from: usize, step: usize, to: usize, panelBytes: usize, count: i32, channels: i32): void {
  for (let i = 0; i < count; i++) {
    packPixel(from, to, channels, panelBytes)
    from += step
    to += (<usize>panelRows) << 2
  }
}

/** A pixel's channels, {@link panelRows} in each panel; the last filled up with zeros. */
function packPixel(from: usize, to: usize, channels: i32, panelBytes: usize): void {
  for (; channels >= panelRows; channels -= panelRows) {
    v128.store(to, v128.load(from))
    if (panelRows === 12) {
      v128.store(to, v128.load(from, 16), 16)
      v128.store(to, v128.load(from, 32), 32)
    }
    from += (<usize>panelRows) << 2
    to += panelBytes
  }
  for (; channels > 0; channels -= 4) {
    v128.store(to, loadSome(from, channels))
    from += 16
    to += 16
  }
}

function packColumns(from: usize, step: usize, to: usize, panelBytes: usize, count: i32, columns: i32): void {
  for (let i = 0; i < count; i++) {
    let source = from
    let target = to
    let left = columns
    for (; left >= 8; left -= 8) {
      v128.store(target, v128.load(source))
      v128.store(target, v128.load(source, 16), 16)
      source += 32
      target += panelBytes
    }
    if (left > 0) {
      v128.store(target, loadSome(source, left))
      v128.store(target, loadSome(source + 16, left - 4), 16)
    }
    from += step
    to += 32
  }
}
