import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { addUpKind, rowProductKind } from '../../engine/job-fields.ts'
import { free } from '../../memory/heap.ts'
import { addressOf, runningEngine } from './by-rows.ts'

/** Rows of the matrix that a unit takes: few enough for the threads to share, and always as many, so that sums are the same on any number of them. */
const blockRows = 128

/** A few rows times a matrix. */
interface RowProduct {
  /** `[..., depth]`, `rows` of them. */
  readonly x: TensorInfo
  readonly rows: number
  /** `[..., depth, columns]`, one matrix. */
  readonly weights: TensorInfo
  readonly bias?: TensorInfo | undefined
  readonly range: readonly [number, number]
}

/** `x * weights + bias`, `[rows, columns]`. The caller disposes of it. */
export function rowProduct(backend: BackendWasm, { x, rows, weights, bias, range }: RowProduct): TensorInfo {
  const [depth, columns] = weights.shape.slice(-2) as [number, number]
  const groups = Math.ceil(depth / blockRows)
  const engine = runningEngine(backend)
  const parts = backend.makeOutput([rows * groups, columns], 'float32')
  const result = backend.makeOutput([rows, columns], 'float32')
  engine.run({
    kind: rowProductKind,
    units: rows * groups,
    blockRows,
    inChannels: depth,
    outChannels: columns,
    input: addressOf(backend, x),
    weights: addressOf(backend, weights),
    output: addressOf(backend, parts),
  })
  engine.run({
    kind: addUpKind,
    units: rows,
    rows: groups,
    outChannels: columns,
    input: addressOf(backend, parts),
    output: addressOf(backend, result),
    bias: bias === undefined ? 0 : addressOf(backend, bias),
    range,
  })
  free(backend, parts)
  return result
}
