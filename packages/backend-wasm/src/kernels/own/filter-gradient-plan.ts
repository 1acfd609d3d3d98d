import type { backend_util } from '@tensorflow/tfjs-core'
import type { Job } from '../../engine/job.ts'
import { filterGradientKind, winogradFilterGradientKind } from '../../engine/job-fields.ts'
import { isShort, rounded, suitsWinograd, unitsPerThread } from './plan.ts'

type Info = backend_util.Conv2DInfo

/** What of the machine a plan depends on. */
interface Machine {
  readonly threads: number
  readonly tileRows: number
}

/** How the gradient of a convolution for its filter is cut up. */
export function filterGradientPlan(info: Info, machine: Machine): Job {
  return suitsWinograd(info) && savesProducts(info) ? winogradPlan(info, machine) : directPlan(info, machine)
}

/** Floats between panels and between planes, as in assembly/filter-gradient.ts. */
const gap = 16

/** Input channels of a panel, as in assembly/sum-tile.ts. */
const panelRowsOf = ({ tileRows }: Machine): number => (tileRows === 6 ? 12 : 4)

/** Pixels of a block: panels of so many stay in the first cache, and the sums are loaded and stored seldom enough. */
const blockPixels = 192
/** Panels of 8 output channels of a unit at most, and input channels: their blocks stay in the second cache. */
const [mostPanels, mostRows] = [16, 144]

function directPlan(info: Info, machine: Machine): Job {
  const { threads, tileRows } = machine
  const panelRows = panelRowsOf(machine)
  const taps = info.filterHeight * info.filterWidth
  const gathered = isShort(info)
  const channels = gathered ? taps * info.inChannels : info.inChannels
  const cut = cutUp(
    [channels, mostRows, panelRows],
    [info.outChannels, mostPanels],
    Math.ceil((unitsPerThread * threads) / (gathered ? 1 : taps)),
    threads,
  )
  const patches = gathered ? blockPixels * channels : 0
  const left = (blockPixels * panelRows + gap) * (cut.blockColumns / panelRows)
  const right = (blockPixels * 8 + gap) * cut.blockPanels
  const sums = 8 * cut.blockColumns * cut.blockPanels
  return {
    ...cut,
    kind: filterGradientKind,
    units: (gathered ? 1 : taps) * cut.units,
    rows: info.batchSize * info.outHeight * info.outWidth,
    blockRows: blockPixels,
    gathered,
    scratch: rounded(4 * (left + right + sums + blockPixels + tileRows + patches)),
  }
}

/** Tiles of a block, input channels and panels of 8 output channels of a unit: some 900 kB, which stay in the second cache. */
const [mostTiles, mostWinogradRows, mostWinogradPanels] = [96, 64, 8]

/** The number of tiles, of 2x2 pixels of dy. */
const tilesOf = ({ batchSize, outHeight, outWidth }: Info): number =>
  batchSize * Math.ceil(outHeight / 2) * Math.ceil(outWidth / 2)

/** Whether the products over tiles are few enough to make up for the transforms: not on grids of 1xn and 3x3, where tiles stick out. */
function savesProducts(info: Info): boolean {
  return 16 * tilesOf(info) < 0.75 * 9 * info.batchSize * info.outHeight * info.outWidth
}

function winogradPlan(info: Info, machine: Machine): Job {
  const { threads } = machine
  const panelRows = panelRowsOf(machine)
  const tiles = tilesOf(info)
  const cut = cutUp(
    [info.inChannels, mostWinogradRows, panelRows],
    [info.outChannels, mostWinogradPanels],
    // What is transformed for a unit would outweigh its products if these were more.
    2 * threads,
    threads,
  )
  const blockRows = 4 * Math.ceil(even(tiles, mostTiles) / 4)
  const left = (blockRows * panelRows + gap) * (cut.blockColumns / panelRows)
  const right = (blockRows * 8 + gap) * cut.blockPanels
  const sums = cut.blockColumns * cut.blockPanels * 8 + gap
  return {
    ...cut,
    kind: winogradFilterGradientKind,
    rows: tiles,
    blockRows,
    scratch: rounded(4 * (80 + 16 * (left + right + sums))),
  }
}

/** Input channels of a unit, in whole panels, and panels of output channels: so many at most, and fewer until there are as many units as are wanted. */
function cutUp(
  [inChannels, mostRows, panelRows]: readonly [number, number, number],
  [outChannels, mostPanels]: readonly [number, number],
  wanted: number,
  threads: number,
): { blockColumns: number; blockPanels: number; units: number } {
  const [rowPanels, panels] = [Math.ceil(inChannels / panelRows), Math.ceil(outChannels / 8)]
  let [across, down] = [even(panels, mostPanels), even(rowPanels, Math.floor(mostRows / panelRows))]
  const units = (): number => Math.ceil(rowPanels / down) * Math.ceil(panels / across)
  // The longer side is halved: what is copied for a unit is as its circumference, what is computed as its area.
  while (threads > 1 && units() < wanted && down + across > 4) {
    if (down * panelRows > across * 8) down = Math.ceil(down / 2)
    else across = Math.ceil(across / 2)
  }
  return { blockColumns: down * panelRows, blockPanels: across, units: units() }
}

/** So many at most, in groups of about one size. */
function even(count: number, most: number): number {
  return Math.ceil(count / Math.ceil(count / most))
}
