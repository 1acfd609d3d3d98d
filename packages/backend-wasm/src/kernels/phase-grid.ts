import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { backend_util, TensorInfo } from '@tensorflow/tfjs-core'
import { copyPixels, lattice } from '../memory/copy-pixels.ts'
import { offsetOf, wordsOf } from '../memory/heap.ts'

// A strided convolution as shifts, for gradients of filters. Pad the input and deal its rows out by their number modulo
// the stride (their phase), columns likewise: then each tap of the filter reads one phase, shifted by whole cells of a
// grid, with stride 1. On the flattened grid the shift is one constant, so what a tap reads is a view and no copy. dy lies
// on the same grid, with zeros in the cells where a shift runs over an edge.

/** What one axis (rows or columns) of a convolution reads. */
interface AxisPlan {
  /** The phases that some tap reads; the others are never built. */
  readonly phases: readonly number[]
  /** For each tap: which of `phases` it reads (an index), and how many cells it is shifted. */
  readonly taps: readonly { readonly phase: number; readonly shift: number }[]
  /** Cells of the grid: those of the output and as many more as the largest shift. */
  readonly cells: number
  readonly stride: number
  /** Zeros before the first input row. */
  readonly padding: number
}

/** The grid that a convolution's input and dy are laid on. */
export interface GridPlan {
  readonly info: backend_util.Conv2DInfo
  readonly rows: AxisPlan
  readonly columns: AxisPlan
  /** For each tap, in the order of the filter: which phase of the input it reads, and by how many cells it is shifted. */
  readonly taps: readonly { readonly phase: number; readonly shift: number }[]
  /** Phases of the input. */
  readonly phases: number
  /** Cells of one image. */
  readonly cells: number
  /** The largest shift. */
  readonly reach: number
}

/** Images `image` up to `image + images` of the batch, which are worked on together. */
export interface Group {
  readonly image: number
  readonly images: number
}

/** Data on the grid: where they start in the heap, and the tensor if one was made for them, which the caller disposes of. */
export interface Grid {
  readonly offset: number
  readonly owned?: TensorInfo
}

/** The grid for a convolution. */
export function planGrid(info: backend_util.Conv2DInfo): GridPlan {
  const { padInfo } = info
  const rows = planAxis(info.filterHeight, info.strideHeight, info.dilationHeight, padInfo.top, info.outHeight)
  const columns = planAxis(info.filterWidth, info.strideWidth, info.dilationWidth, padInfo.left, info.outWidth)
  return {
    info,
    rows,
    columns,
    taps: rows.taps.flatMap((row) =>
      columns.taps.map((column) => ({
        phase: row.phase * columns.phases.length + column.phase,
        shift: row.shift * columns.cells + column.shift,
      })),
    ),
    phases: rows.phases.length * columns.phases.length,
    cells: rows.cells * columns.cells,
    reach: (rows.cells - info.outHeight) * columns.cells + columns.cells - info.outWidth,
  }
}

function planAxis(kernel: number, stride: number, dilation: number, padding: number, outputs: number): AxisPlan {
  const offsets = Array.from({ length: kernel }, (_, tap) => tap * dilation)
  const phases = [...new Set(offsets.map((offset) => offset % stride))]
  const taps = offsets.map((offset) => ({
    phase: phases.indexOf(offset % stride),
    shift: Math.floor(offset / stride),
  }))
  return { phases, taps, cells: outputs + taps[kernel - 1]!.shift, stride, padding }
}

/**
 * The input on its grid: `[phases, images, rows, columns, channels]`, each phase followed by `slack` zeros that its last
 * rows may be read into. It is the input itself where that is the same.
 */
export function inputGrid(backend: BackendWasm, plan: GridPlan, x: TensorInfo, group: Group, slack: number): Grid {
  const [, height, width, channels] = x.shape as [number, number, number, number]
  const { rows, columns } = plan
  const start = (): number => offsetOf(backend, x) + group.image * height * width * channels
  if (slack === 0 && isInput(rows, height) && isInput(columns, width)) return { offset: start() }
  const size = group.images * plan.cells * channels + slack
  const owned = backend.makeOutput([plan.phases * size], 'float32')
  const words = wordsOf(backend)
  const offset = offsetOf(backend, owned)
  words.fill(0, offset, offset + plan.phases * size)
  let to = offset
  for (const rowPhase of rows.phases) {
    const row = onInput(rows, rowPhase, height)
    for (const columnPhase of columns.phases) {
      const column = onInput(columns, columnPhase, width)
      copyPixels(
        backend,
        lattice(start(), [height, width, channels], [row.input, column.input], [rows.stride, columns.stride]),
        lattice(to, [rows.cells, columns.cells, channels], [row.first, column.first]),
        { images: group.images, rows: row.count, columns: column.count, channels },
      )
      to += size
    }
  }
  return { offset, owned }
}

/** Whether the grid of an axis is the input as it is: one phase, nothing padded, nothing left over. */
function isInput(axis: AxisPlan, length: number): boolean {
  return axis.stride === 1 && axis.padding === 0 && axis.cells === length
}

/** The cells of a phase that lie on the input: the first, how many, and the input row of the first. */
function onInput(axis: AxisPlan, phase: number, length: number): { first: number; count: number; input: number } {
  const { stride, padding, cells } = axis
  const first = Math.max(0, Math.ceil((padding - phase) / stride))
  const end = Math.min(cells, Math.floor((length - 1 + padding - phase) / stride) + 1)
  return { first, count: Math.max(0, end - first), input: first * stride + phase - padding }
}

/** dy on the grid: `[images, rows, columns, channels]`, zero beyond the output. */
export function gradientGrid(backend: BackendWasm, plan: GridPlan, dy: TensorInfo, group: Group): Grid {
  const [, height, width, channels] = dy.shape as [number, number, number, number]
  const start = (): number => offsetOf(backend, dy) + group.image * height * width * channels
  if (plan.reach === 0) return { offset: start() }
  const size = group.images * plan.cells * channels
  const owned = backend.makeOutput([size], 'float32')
  const words = wordsOf(backend)
  const offset = offsetOf(backend, owned)
  words.fill(0, offset, offset + size)
  copyPixels(
    backend,
    lattice(start(), [height, width, channels]),
    lattice(offset, [plan.rows.cells, plan.columns.cells, channels]),
    { images: group.images, rows: height, columns: width, channels },
  )
  return { offset, owned }
}
