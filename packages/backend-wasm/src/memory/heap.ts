import { CnnkitError } from '@cnnkit/errors'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { TensorInfo } from '@tensorflow/tfjs-core'

/**
 * The heap of TensorFlow.js' wasm module as floats. Stale after any allocation, which may grow and so replace the
 * buffer: take it after the last one.
 */
export function heapOf(backend: BackendWasm): Float32Array {
  return new Float32Array(bytesOf(backend).buffer)
}

/**
 * The heap as 32-bit words, to move data whatever their type: floats written through floats may lose the bits of a NaN.
 * Stale as {@link heapOf}'s is.
 */
export function wordsOf(backend: BackendWasm): Int32Array {
  return new Int32Array(bytesOf(backend).buffer)
}

/** The heap as bytes, stale as {@link heapOf}'s is. */
export function bytesOf(backend: BackendWasm): Uint8Array {
  return (backend.wasm as unknown as { readonly HEAPU8: Uint8Array }).HEAPU8
}

/** Where a tensor of 32-bit values starts, as an index into {@link heapOf} and {@link wordsOf}. */
export function offsetOf(backend: BackendWasm, tensor: TensorInfo): number {
  return backend.dataIdMap.get(tensor.dataId).memoryOffset / 4
}

/** A new float32 tensor with values from JavaScript. Whoever asks disposes of it. */
export function tensorOf(backend: BackendWasm, shape: number[], values: Float32Array): TensorInfo {
  return backend.makeOutput(shape, 'float32', undefined, values)
}

/** The number of values of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, side) => size * side, 1)
}

/** Disposes of tensors, each once; `undefined` is passed over. */
export function free(backend: BackendWasm, ...tensors: readonly (TensorInfo | undefined)[]): void {
  for (const tensor of tensors) if (tensor !== undefined) backend.disposeData(tensor.dataId)
}

/** The same data under another shape. It counts as a reference of its own only if the caller says `backend.incRef`. */
export function reshaped(tensor: TensorInfo, shape: number[]): TensorInfo {
  return { dataId: tensor.dataId, shape, dtype: tensor.dtype }
}

interface Allocator {
  _malloc(bytes: number): number
  _free(address: number): void
}

/** The address of so many new bytes, 0 where there is no room. Whoever asks gives them back with {@link release}. */
export function allocate(backend: BackendWasm, bytes: number): number {
  return (guarded.get(backend) ?? (backend.wasm as unknown as Allocator)._malloc)(bytes) >>> 0
}

/** Gives back what {@link allocate} gave. */
export function release(backend: BackendWasm, address: number): void {
  ;(backend.wasm as unknown as Allocator)._free(address)
}

/** By backend: as `_malloc`, 0 where there is no room. */
const guarded = new WeakMap<BackendWasm, Allocator['_malloc']>()

/** What Emscripten's heap grows to at most: all that 32 bits address, less a page. */
const mostHeap = 2 ** 32 - 2 ** 16
/** Bytes that stay free for TensorFlow.js' own books: without a few for each tensor the module aborts. */
const reserve = 2 ** 18

/**
 * Makes a tensor that finds no room an error, where TensorFlow.js would write it over what lies at the start of the heap.
 *
 * @param relieve gives memory back that can be done without, and says whether there was any
 */
export function guardHeap(backend: BackendWasm, relieve: () => boolean): void {
  const wasm = backend.wasm as unknown as Allocator
  // At its first call Emscripten puts the export in the function's place.
  wasm._free(wasm._malloc(8))
  const { _malloc: malloc, _free: release } = wasm
  const sparing: Allocator['_malloc'] = (bytes) => {
    const address = malloc(bytes)
    if (address === 0 || bytesOf(backend).length < mostHeap - 2 ** 28) return address
    const spare = malloc(reserve)
    release(spare === 0 ? address : spare)
    return spare === 0 ? 0 : address
  }
  guarded.set(backend, sparing)
  wasm._malloc = (bytes) => {
    const address = sparing(bytes) || (relieve() ? sparing(bytes) : 0)
    if (address !== 0) return address
    throw new CnnkitError(
      'backend-wasm',
      'OUT_OF_MEMORY',
      `The heap of wasm has no room for a tensor of ${bytes} bytes: it is ${bytesOf(backend).length} bytes large, of ${mostHeap} at most, with ${backend.numDataIds()} tensors. Take a smaller batch or picture, or dispose of tensors that are done with (tf.tidy).`,
    )
  }
}
