import type { Sink } from './transfer.ts'

/** A sink in memory. */
export interface MemorySink extends Sink {
  /** All that was written, in one piece. */
  bytes(): Uint8Array<ArrayBuffer>
}

/** Gathers a transfer in memory. */
export function memorySink(): MemorySink {
  let chunks: Uint8Array[] = []
  let size = 0
  return {
    get size() {
      return size
    },
    validator: undefined,
    async begin() {
      chunks = []
      size = 0
    },
    async write(chunk) {
      chunks.push(chunk)
      size += chunk.byteLength
    },
    bytes() {
      const all = new Uint8Array(size)
      let position = 0
      for (const chunk of chunks) {
        all.set(chunk, position)
        position += chunk.byteLength
      }
      return all
    },
  }
}
