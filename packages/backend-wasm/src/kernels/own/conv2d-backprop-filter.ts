import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { type backend_util, Conv2DBackpropFilter, type TensorInfo } from '@tensorflow/tfjs-core'
import { type Engine, engineOf } from '../../engine/engine.ts'
import type { Job } from '../../engine/job.ts'
import { filterGradientKind, winogradFilterGradientKind } from '../../engine/job-fields.ts'
import { free, sizeOf } from '../../memory/heap.ts'
import { conv2dBackpropFilter } from '../conv2d-backprop-filter.ts'
import { type Conv2DAttributes, convolutionOf } from '../convolution.ts'
import type { WasmKernel } from '../stock.ts'
import { addressOf } from './by-rows.ts'
import { isShort, rounded, sizes, suitsWinograd, unitsPerThread } from './plan.ts'

/** The gradient of a convolution for its filter by our own tiles. */
export const ownConv2dBackpropFilter: WasmKernel = {
  kernelName: Conv2DBackpropFilter,
  kernelFunc: (call) => gradient(call) ?? conv2dBackpropFilter.kernelFunc(call),
}

function gradient({ backend, inputs, attributes }: Parameters<WasmKernel['kernelFunc']>[0]): TensorInfo | undefined {
  const { x, dy } = inputs as Record<'x' | 'dy', TensorInfo>
  const { filterShape } = attributes as unknown as { filterShape: number[] }
  const info = convolutionOf(x.shape, filterShape, attributes as unknown as Conv2DAttributes)
  const engine = engineOf(backend)
  if (engine === undefined || sizeOf(dy.shape) === 0 || sizeOf(filterShape) === 0) return undefined
  const dw = backend.makeOutput(filterShape, 'float32')
  const done = run(backend, engine, info, { x, dy, dw })
  if (done) return dw
  free(backend, dw)
  return undefined
}

function run(
  backend: BackendWasm,
  engine: Engine,
  info: backend_util.Conv2DInfo,
  { x, dy, dw }: Readonly<Record<'x' | 'dy' | 'dw', TensorInfo>>,
): boolean {
  return engine.run({
    ...sizes(info),
    zeros: Math.max(info.inChannels, info.outChannels),
    ...planOf(info, engine),
    input: addressOf(backend, x),
    other: addressOf(backend, dy),
    output: addressOf(backend, dw),
  })
}

/** Pixels of a block: panels of so many stay in the first cache, and the sums are loaded and stored seldom enough. */
const blockRows = 192
/** Floats between panels, as in assembly/filter-gradient.ts. */
const gap = 16
/** Panels of a unit at most, of 8 output channels and of a tile's rows: their blocks stay in the second cache. */
const [mostPanels, mostColumns] = [16, 32]

function planOf(info: backend_util.Conv2DInfo, engine: Engine): Job {
  return suitsWinograd(info) ? winogradPlan(info, engine) : directPlan(info, engine)
}

const W = (process.env.WINO ?? '96,64,8').split(',').map(Number)

function winogradPlan(info: backend_util.Conv2DInfo, { threads, tileRows }: Engine): Job {
  const panelRows = tileRows === 6 ? 12 : 4
  const rows = info.batchSize * Math.ceil(info.outHeight / 2) * Math.ceil(info.outWidth / 2)
  const [rowPanels, panels] = [Math.ceil(info.inChannels / panelRows), Math.ceil(info.outChannels / 8)]
  let [mostRows, mostPanels] = [even(rowPanels, Math.floor(W[1]! / panelRows)), even(panels, W[2]!)]
  const units = (): number => Math.ceil(rowPanels / mostRows) * Math.ceil(panels / mostPanels)
  while (threads > 1 && units() < 2 * threads && mostRows + mostPanels > 4) {
    if (mostRows * panelRows > mostPanels * 8) mostRows = Math.ceil(mostRows / 2)
    else mostPanels = Math.ceil(mostPanels / 2)
  }
  const blockRows = 4 * Math.ceil(even(rows, W[0]!) / 4)
  const left = mostRows * (blockRows * panelRows + gap)
  const right = mostPanels * (blockRows * 8 + gap)
  const sums = mostRows * panelRows * mostPanels * 8 + gap
  return {
    kind: winogradFilterGradientKind,
    units: units(),
    rows,
    blockRows,
    blockColumns: mostRows * panelRows,
    blockPanels: mostPanels,
    scratch: rounded(4 * (80 + 16 * (left + right + sums))),
  }
}

function directPlan(info: backend_util.Conv2DInfo, { threads, tileRows }: Engine): Job {
  const taps = info.filterHeight * info.filterWidth
  const gathered = isShort(info)
  const rowPanels = Math.ceil((gathered ? taps * info.inChannels : info.inChannels) / tileRows)
  const panels = Math.ceil(info.outChannels / 8)
  const repeats = gathered ? 1 : taps
  let [blockColumns, blockPanels] = [even(rowPanels, mostColumns), even(panels, mostPanels)]
  const units = (): number => repeats * Math.ceil(rowPanels / blockColumns) * Math.ceil(panels / blockPanels)
  // The longer side is halved: what is copied for a unit is as its circumference, what is computed as its area.
  while (threads > 1 && units() < unitsPerThread * threads && blockColumns + blockPanels > 4) {
    if (blockColumns * tileRows > blockPanels * 8) blockColumns = Math.ceil(blockColumns / 2)
    else blockPanels = Math.ceil(blockPanels / 2)
  }
  const patches = gathered ? blockRows * taps * info.inChannels : 0
  const floats = (blockRows * tileRows + gap) * blockColumns + (blockRows * 8 + gap) * blockPanels
  const table = blockRows + tileRows
  return {
    kind: filterGradientKind,
    units: units(),
    rows: info.batchSize * info.outHeight * info.outWidth,
    blockRows,
    blockColumns,
    blockPanels,
    gathered,
    scratch: rounded(4 * (floats + table + patches)),
  }
}

/** So many at most, in groups of about one size. */
function even(count: number, most: number): number {
  return Math.ceil(count / Math.ceil(count / most))
}
