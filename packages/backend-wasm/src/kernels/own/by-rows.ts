import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { type Engine, engineOf } from '../../engine/engine.ts'
import { affineKind } from '../../engine/job-fields.ts'
import { heapOf, sizeOf } from '../../memory/heap.ts'

/** Values of a block: its 128 kB stay in the second cache for a second look. */
const blockSize = 1 << 15

/** A tensor as rows of channels, cut into blocks of rows. */
export interface Rows {
  readonly rows: number
  readonly channels: number
  /** Rows of a block. */
  readonly blockRows: number
  readonly units: number
}

/** The rows of `[..., channels]`. */
export function rowsOf(shape: readonly number[]): Rows {
  const channels = shape.at(-1) ?? 1
  const rows = channels === 0 ? 0 : sizeOf(shape) / channels
  const blockRows = Math.max(1, Math.floor(blockSize / channels))
  return { rows, channels, blockRows, units: Math.ceil(rows / blockRows) }
}

/** The address of a tensor, in bytes. */
export function addressOf(backend: BackendWasm, tensor: TensorInfo): number {
  return backend.dataIdMap.get(tensor.dataId).memoryOffset
}

/**
 * The engine that kernels of this file's kind run on. They are registered with it alone, so there is one; and none of them but
 * fits where its results fit, so their jobs do run.
 */
export function runningEngine(backend: BackendWasm): Engine {
  return engineOf(backend)!
}

/** What {@link scaled} makes of `[..., channels]`. */
interface Scaling {
  readonly x: TensorInfo
  readonly scale: Float32Array
  readonly shift: Float32Array
  /** A second input of the shape, and its factors. */
  readonly other?: TensorInfo
  readonly otherScale?: Float32Array
  readonly range?: readonly [number, number]
}

/** `x * scale + shift` for each channel, and `other * otherScale` on top, in one pass. The caller disposes of it. */
export function scaled(backend: BackendWasm, { x, scale, shift, other, otherScale, range }: Scaling): TensorInfo {
  const output = backend.makeOutput(x.shape, 'float32')
  const { rows, channels, blockRows, units } = rowsOf(x.shape)
  const factors = backend.makeOutput([3, channels], 'float32')
  const at = addressOf(backend, factors)
  const heap = heapOf(backend)
  heap.set(scale, at / 4)
  heap.set(shift, at / 4 + channels)
  if (otherScale !== undefined) heap.set(otherScale, at / 4 + 2 * channels)
  runningEngine(backend).run({
    kind: affineKind,
    units,
    rows,
    blockRows,
    inChannels: channels,
    input: addressOf(backend, x),
    weights: at,
    bias: at + 4 * channels,
    other: other === undefined ? 0 : addressOf(backend, other),
    otherWeights: at + 8 * channels,
    output: addressOf(backend, output),
    ...(range && { range }),
  })
  backend.disposeData(factors.dataId)
  return output
}
