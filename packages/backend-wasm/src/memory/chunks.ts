import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { withAlias } from './alias.ts'
import { offsetOf } from './heap.ts'

/** A handful of pieces of so many values stay in a core's second cache from one operation to the next. */
export const cached: number = 1 << 17
/** On several threads each operation wakes the others, and what one wrote lies in its own cache: fewer, larger pieces. */
const shared = 1 << 20

/** Values of a tensor that operations which threads share should go over together before they take the next. */
function chunkOf(backend: BackendWasm): number {
  return backend.wasm.tfjs.getThreadsCount() === 1 ? cached : shared
}

/**
 * Runs piece by piece over tensors `[rows, channels]` of one shape: several passes over a piece are as fast as the cache,
 * over the whole as slow as memory.
 *
 * @param run takes the same rows of each tensor, as tensors that live as long as the call
 * @param size values of a piece, about; {@link cached} where the operations run on one thread anyway
 */
export function inChunks(
  backend: BackendWasm,
  tensors: readonly TensorInfo[],
  [rows, channels]: readonly [number, number],
  run: (pieces: TensorInfo[], rows: number) => void,
  size: number = chunkOf(backend),
): void {
  // In multiples of 64 rows, as operations see several narrow rows as one, and share rows among threads.
  const most = 64 * Math.max(1, Math.round(size / (64 * channels)))
  for (let row = 0; row < rows; row += most) {
    const count = Math.min(most, rows - row)
    withPieces(backend, tensors, row * channels, [count, channels], [], (pieces) => run(pieces, count))
  }
}

function withPieces(
  backend: BackendWasm,
  tensors: readonly TensorInfo[],
  offset: number,
  shape: [number, number],
  done: TensorInfo[],
  run: (pieces: TensorInfo[]) => void,
): void {
  const tensor = tensors[done.length]
  if (tensor === undefined) run(done)
  else {
    withAlias(backend, shape, offsetOf(backend, tensor) + offset, (piece) =>
      withPieces(backend, tensors, offset, shape, [...done, piece], run),
    )
  }
}
