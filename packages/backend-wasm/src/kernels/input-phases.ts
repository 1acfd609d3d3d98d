import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { backend_util, TensorInfo } from '@tensorflow/tfjs-core'
import { copyPixels, lattice } from '../memory/copy-pixels.ts'
import { free, offsetOf, wordsOf } from '../memory/heap.ts'

// Which rows of dy and which taps make which rows of dx: x row h and tap k made y row (h + padding - k) / stride, so
// the input rows with the same remainder of (h + padding) by the stride share their taps, every stride-th one. Within
// such a phase dx is a convolution of dy at stride 1 with those taps in reverse.

/** One phase of an axis. */
export interface InputPhase {
  /** Taps that reach it, in the order of the forward convolution that gives its dx; none if it gets no gradient. */
  readonly taps: readonly number[]
  /** The first input row of the phase; its rows are a stride apart. */
  readonly first: number
  /** How many input rows it has. */
  readonly count: number
  /** Zeros before dy; negative for rows of dy that it does not read. */
  readonly before: number
  /** Zeros after dy, likewise. */
  readonly after: number
}

/** The phases of rows and of columns that exist, `[rows, columns]`. */
export function inputPhases(info: backend_util.Conv2DInfo): [InputPhase[], InputPhase[]] {
  const { padInfo } = info
  return [
    axisPhases(info.filterHeight, info.strideHeight, padInfo.top, info.inHeight, info.outHeight),
    axisPhases(info.filterWidth, info.strideWidth, padInfo.left, info.inWidth, info.outWidth),
  ]
}

function axisPhases(kernel: number, stride: number, padding: number, inputs: number, outputs: number): InputPhase[] {
  const phases: InputPhase[] = []
  for (let phase = 0; phase < stride; phase++) {
    const reach = Math.max(0, Math.ceil((kernel - phase) / stride))
    const from = Math.ceil((padding - phase) / stride)
    const to = Math.floor((inputs - 1 + padding - phase) / stride)
    if (to < from) continue
    const before = reach - 1 - from
    const after = to - (outputs - 1)
    const read = outputs + Math.min(0, before) + Math.min(0, after)
    phases.push({
      taps: Array.from({ length: read > 0 ? reach : 0 }, (_, i) => phase + stride * (reach - 1 - i)),
      first: stride * from + phase - padding,
      count: to - from + 1,
      before,
      after,
    })
  }
  return phases
}

/** dy without the rows and columns that a phase does not read, and the zeros around it. */
export interface Gathered {
  readonly tensor: TensorInfo
  /** The same if it was made here: the caller disposes of it. */
  readonly owned?: TensorInfo
  readonly pad: backend_util.ExplicitPadding
}

/** dy as the convolution of a phase takes it: cropped where a phase's padding is negative. */
export function gather(backend: BackendWasm, dy: TensorInfo, row: InputPhase, column: InputPhase): Gathered {
  const pad: backend_util.ExplicitPadding = [
    [0, 0],
    [Math.max(0, row.before), Math.max(0, row.after)],
    [Math.max(0, column.before), Math.max(0, column.after)],
    [0, 0],
  ]
  const [top, bottom, left, right] = [row.before, row.after, column.before, column.after].map((n) => Math.max(0, -n))
  if (top! + bottom! + left! + right! === 0) return { tensor: dy, pad }
  const [images, height, width, channels] = dy.shape as [number, number, number, number]
  const rows = height - top! - bottom!
  const columns = width - left! - right!
  const owned = backend.makeOutput([images, rows, columns, channels], 'float32')
  copyPixels(
    backend,
    lattice(offsetOf(backend, dy), [height, width, channels], [top!, left!]),
    lattice(offsetOf(backend, owned), [rows, columns, channels]),
    { images, rows, columns, channels },
  )
  return { tensor: owned, owned, pad }
}

/** Computes each phase that gets a gradient and deals them out to dx, `[batch, height, width, channels]`. */
export function dealt(
  backend: BackendWasm,
  info: backend_util.Conv2DInfo,
  [rows, columns]: readonly [readonly InputPhase[], readonly InputPhase[]],
  compute: (row: InputPhase, column: InputPhase) => TensorInfo,
): TensorInfo {
  const [row, column] = [rows[0]!, columns[0]!]
  const single = info.strideHeight * info.strideWidth === 1
  if (single && row.taps.length * column.taps.length > 0) return compute(row, column)
  return scatter(backend, info, rows, columns, compute)
}

function scatter(
  backend: BackendWasm,
  info: backend_util.Conv2DInfo,
  rows: readonly InputPhase[],
  columns: readonly InputPhase[],
  compute: (row: InputPhase, column: InputPhase) => TensorInfo,
): TensorInfo {
  const { inShape, inHeight, inWidth, inChannels, batchSize } = info
  const dx = backend.makeOutput(inShape, 'float32')
  const unreached = [...rows, ...columns].some((phase) => phase.taps.length === 0)
  if (unreached) {
    const at = offsetOf(backend, dx)
    wordsOf(backend).fill(0, at, at + batchSize * inHeight * inWidth * inChannels)
  }
  for (const row of rows) {
    for (const column of columns) {
      if (row.taps.length === 0 || column.taps.length === 0) continue
      const part = compute(row, column)
      copyPixels(
        backend,
        lattice(offsetOf(backend, part), [row.count, column.count, inChannels]),
        lattice(
          offsetOf(backend, dx),
          [inHeight, inWidth, inChannels],
          [row.first, column.first],
          [info.strideHeight, info.strideWidth],
        ),
        { images: batchSize, rows: row.count, columns: column.count, channels: inChannels },
      )
      free(backend, part)
    }
  }
  return dx
}
