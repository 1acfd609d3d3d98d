import type { backend_util } from '@tensorflow/tfjs-core'
import type { Job } from '../../engine/job.ts'
import { directKind, winogradKind } from '../../engine/job-fields.ts'

/** How a convolution is cut up: the part of a job that does not depend on where its tensors lie. */
export type Plan = Job & Readonly<Record<Size | 'rows' | 'blockRows' | 'blockPanels', number>>

/** What of the machine a plan depends on. */
interface Machine {
  readonly threads: number
  readonly tileRows: number
}

/** Rows of a block: their inputs stay in the second cache while panel after panel of weights goes over them. */
const blockRows = 48
/** With fewer channels the loop over them is too short, and their patches are copied first. */
const shortDepth = 8
/** Units a thread, so that one that is late leaves the rest to others. */
export const unitsPerThread = 4

/** The plan that a convolution goes by. */
export function planOf(info: backend_util.Conv2DInfo, machine: Machine): Plan {
  return suitsWinograd(info) ? winogradPlan(info, machine) : directPlan(info, machine)
}

/** Whether the patches of a convolution are copied one after the other. */
export function isShort({ inChannels, filterHeight, filterWidth }: backend_util.Conv2DInfo): boolean {
  return inChannels < shortDepth && filterHeight * filterWidth > 1
}

/** A convolution by tiles over all taps. */
export function directPlan(info: backend_util.Conv2DInfo, machine: Machine): Plan {
  const rows = info.batchSize * info.outHeight * info.outWidth
  const taps = info.filterHeight * info.filterWidth
  const gathered = isShort(info)
  const panels = Math.ceil(info.outChannels / 8)
  const cut = cutUp(rows, panels, blockRows, machine)
  const scratch = 256 + (gathered ? 256 + 4 * cut.blockRows * taps * info.inChannels : 4 * cut.blockRows * taps)
  return { ...sizes(info), ...cut, kind: directKind, rows, gathered, scratch: rounded(scratch) }
}

/** Bytes of transformed input that a block of Winograd's tiles may take: it must stay in the second cache. */
const winogradBytes = 3 * 2 ** 18

/** A 3x3 convolution at stride 1 by Winograd's tiles of 2x2 outputs. */
function winogradPlan(info: backend_util.Conv2DInfo, machine: Machine): Plan {
  const rows = info.batchSize * Math.ceil(info.outHeight / 2) * Math.ceil(info.outWidth / 2)
  const most = Math.min(blockRows, Math.max(12, 12 * Math.floor(winogradBytes / (64 * info.inChannels) / 12)))
  const cut = cutUp(rows, Math.ceil(info.outChannels / 8), most, machine)
  const scratch = 256 + 16 * (32 * cut.blockRows + 4 * cut.blockRows * info.inChannels + 64)
  return { ...sizes(info), ...cut, kind: winogradKind, rows, gathered: false, scratch: rounded(scratch) }
}

/** Whether Winograd takes a convolution, and is worth its transforms. */
export function suitsWinograd(info: backend_util.Conv2DInfo): boolean {
  const { filterHeight, filterWidth, strideHeight, strideWidth, dilationHeight, dilationWidth } = info
  const square = filterHeight === 3 && filterWidth === 3
  const plain = strideHeight === 1 && strideWidth === 1 && dilationHeight === 1 && dilationWidth === 1
  return square && plain && info.inChannels % 4 === 0 && info.inChannels >= 16 && info.outChannels >= 16
}

/** The sizes that a job has of a convolution. */
type Size =
  | 'inHeight'
  | 'inWidth'
  | 'inChannels'
  | 'outHeight'
  | 'outWidth'
  | 'outChannels'
  | 'filterHeight'
  | 'filterWidth'
  | 'strideHeight'
  | 'strideWidth'
  | 'dilationHeight'
  | 'dilationWidth'
  | 'padTop'
  | 'padLeft'
  | 'inPixel'
  | 'outPixel'

/** The sizes of a convolution, as a job has them. */
export function sizes(info: backend_util.Conv2DInfo): Readonly<Record<Size | 'zeros', number>> {
  return {
    zeros: info.inChannels,
    inHeight: info.inHeight,
    inWidth: info.inWidth,
    inChannels: info.inChannels,
    outHeight: info.outHeight,
    outWidth: info.outWidth,
    outChannels: info.outChannels,
    filterHeight: info.filterHeight,
    filterWidth: info.filterWidth,
    strideHeight: info.strideHeight,
    strideWidth: info.strideWidth,
    dilationHeight: info.dilationHeight,
    dilationWidth: info.dilationWidth,
    padTop: info.padInfo.top,
    padLeft: info.padInfo.left,
    inPixel: info.inChannels,
    outPixel: info.outChannels,
  }
}

/** Blocks of rows of about one size; and, where these are too few for the threads, of panels. */
function cutUp(
  rows: number,
  panels: number,
  most: number,
  { threads, tileRows }: Machine,
): { blockRows: number; blockPanels: number; units: number } {
  const even = Math.ceil(rows / Math.ceil(rows / most))
  const blockRows = Math.min(most, Math.ceil(even / tileRows) * tileRows)
  const blocks = Math.ceil(rows / blockRows)
  const groups = threads === 1 ? 1 : Math.min(panels, Math.ceil((unitsPerThread * threads) / blocks))
  const blockPanels = Math.ceil(panels / groups)
  return { blockRows, blockPanels, units: blocks * Math.ceil(panels / blockPanels) }
}

/** To whole cache lines, so that threads do not share any. */
export function rounded(bytes: number): number {
  return Math.ceil(bytes / 64) * 64
}
