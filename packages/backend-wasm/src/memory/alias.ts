import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { TensorInfo } from '@tensorflow/tfjs-core'

/**
 * Runs with a float32 tensor that lies inside memory of others, so that a kernel reads or writes part of a tensor with
 * no copy. The memory must outlive the call; the alias does not.
 *
 * It also has an identity of its own: XNNPACK's packed operators are cached by it and dropped with it.
 *
 * @param offset where it starts, as an index of floats
 */
export function withAlias<Result>(
  backend: BackendWasm,
  shape: number[],
  offset: number,
  run: (alias: TensorInfo) => Result,
): Result {
  const alias = backend.makeOutput(shape, 'float32', offset * 4)
  try {
    return run(alias)
  } finally {
    // Not backend.disposeData: that would free the memory.
    backend.wasm.tfjs.disposeData(backend.dataIdMap.get(alias.dataId).id)
    backend.dataIdMap.delete(alias.dataId)
  }
}
