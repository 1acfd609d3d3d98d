import {
  biasAt,
  blockPanelsAt,
  blockRowsAt,
  filterHeightAt,
  filterWidthAt,
  gatheredAt,
  highestAt,
  inChannelsAt,
  lowestAt,
  outChannelsAt,
  outPixelAt,
  outputAt,
  rowsAt,
  scratchAt,
  scratchSizeAt,
  weightsAt,
} from '../src/engine/job-fields'
import { residualOf, storeRow } from './epilogue'
import { fillTable, gatherPatches } from './indirection'
import { address, field, splat } from './job'
import { loadSome } from './lanes'
import { tile, tileRows } from './tile'

/**
 * One unit of a convolution: a block of output pixels times some panels of output channels. The rows of a block stay in
 * the cache while panel after panel goes over them. Scratch: a tile's sums, addresses, gathered patches.
 */
export function direct(job: usize, unit: i32, thread: i32): void {
  const channels = field(job, outChannelsAt)
  const panels = (channels + 7) >> 3
  const blockPanels = field(job, blockPanelsAt)
  const groups = (panels + blockPanels - 1) / blockPanels
  const firstRow = (unit / groups) * field(job, blockRowsAt)
  const rows = min(field(job, blockRowsAt), field(job, rowsAt) - firstRow)
  const firstPanel = (unit % groups) * blockPanels
  const lastPanel = min(panels, firstPanel + blockPanels)

  const sums = address(job, scratchAt) + <usize>thread * address(job, scratchSizeAt)
  const table = sums + 256
  let taps = field(job, filterHeightAt) * field(job, filterWidthAt)
  let depth = field(job, inChannelsAt)
  if (field(job, gatheredAt)) {
    gatherPatches(job, table, table + 256, firstRow, rows)
    depth *= taps
    taps = 1
  } else fillTable(job, table, firstRow, rows)

  const lowest = splat(job, lowestAt)
  const highest = splat(job, highestAt)
  const bias = address(job, biasAt)
  const residual = residualOf(job)
  const step = (<usize>field(job, outPixelAt)) << 2
  const output = address(job, outputAt) + <usize>firstRow * step
  const panelBytes = (<usize>(taps * depth)) << 5
  const tileBytes = (<usize>(taps * tileRows)) << 2
  for (let panel = firstPanel; panel < lastPanel; panel++) {
    const channel = panel << 3
    const count = channels - channel
    let left = f32x4.splat(0)
    let right = f32x4.splat(0)
    if (bias !== 0) {
      left = loadSome(bias + ((<usize>channel) << 2), count)
      right = loadSome(bias + ((<usize>channel) << 2) + 16, count - 4)
    }
    const weights = address(job, weightsAt) + <usize>panel * panelBytes
    let rowsTable = table
    let to = output + ((<usize>channel) << 2)
    for (let row = 0; row < rows; row += tileRows) {
      tile(rowsTable, taps, depth, weights, sums)
      let from = sums
      for (let i = min(tileRows, rows - row); i > 0; i--) {
        const l = f32x4.add(v128.load(from), left)
        const r = f32x4.add(v128.load(from, 16), right)
        storeRow(to, l, r, count, lowest, highest, residual)
        from += 32
        to += step
      }
      rowsTable += tileBytes
    }
  }
}
