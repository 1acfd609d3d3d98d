import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { TensorInfo } from '@tensorflow/tfjs-core'
import { allocate, release } from '../memory/heap.ts'

/** In which order weights are packed. */
export type Packing = 'panels' | 'winograd' | 'depthwise'

interface Packed {
  readonly key: string
  readonly address: number
  readonly bytes: number
}

/** Bytes of packed weights kept at most: an eighth of what the heap can hold. */
const mostBytes = 2 ** 29

/**
 * Weights in the order in which tiles read them, packed once for each tensor and dropped with it.
 *
 * They are never stale: TensorFlow.js does not write to the data of a tensor, and a variable that is assigned to has other
 * data. `memory().packedBytes` of TensorFlow.js tells what is kept.
 */
export class PackedWeights {
  readonly #backend: BackendWasm
  readonly #kept = new Map<object, Packed[]>()
  readonly #most: number
  #bytes = 0

  /** @param most bytes to keep; weights beyond are packed at each use */
  constructor(backend: BackendWasm, most: number = mostBytes) {
    this.#backend = backend
    this.#most = most
    const { disposeData, memory } = backend
    backend.disposeData = (dataId, force) => {
      const disposed = disposeData.call(backend, dataId, force)
      if (disposed) this.#drop(dataId)
      return disposed
    }
    backend.memory = () => ({ ...memory.call(backend), packedBytes: this.#bytes })
  }

  /**
   * Runs with the address of packed weights; undefined where the heap has no room for them.
   *
   * @param pack writes them to an address
   */
  use<Result>(
    weights: TensorInfo,
    packing: Packing,
    [bytes, key]: readonly [number, string],
    pack: (to: number) => void,
    run: (address: number) => Result,
  ): Result | undefined {
    const name = `${packing} ${key}`
    const known = this.#kept.get(weights.dataId)?.find((packed) => packed.key === name)
    if (known !== undefined) return run(known.address)
    if (this.#bytes + bytes > this.#most) return this.once(bytes, pack, run)
    const address = allocate(this.#backend, bytes)
    if (address === 0) return undefined
    pack(address)
    this.#kept.set(weights.dataId, [...(this.#kept.get(weights.dataId) ?? []), { key: name, address, bytes }])
    this.#bytes += bytes
    return run(address)
  }

  /** The same without keeping them. */
  once<Result>(bytes: number, pack: (to: number) => void, run: (address: number) => Result): Result | undefined {
    const address = allocate(this.#backend, bytes)
    if (address === 0) return undefined
    pack(address)
    const result = run(address)
    release(this.#backend, address)
    return result
  }

  /** Gives all that is kept back, when tensors need the room; it is packed anew when it is needed. Whether there was any. */
  dropAll(): boolean {
    const any = this.#bytes > 0
    for (const dataId of [...this.#kept.keys()]) this.#drop(dataId)
    return any
  }

  #drop(dataId: object): void {
    for (const { address, bytes } of this.#kept.get(dataId) ?? []) {
      release(this.#backend, address)
      this.#bytes -= bytes
    }
    this.#kept.delete(dataId)
  }
}
