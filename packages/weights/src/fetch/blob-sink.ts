import type { Sink } from './transfer.ts'

/** A sink that leaves to the browser where the bytes are. */
export interface BlobSink extends Sink {
  /** All that was written. */
  blob(): Blob
}

/** So much is gathered before it is handed to the browser, which keeps large pieces on disk. */
const pieceBytes = 8 * 2 ** 20

/** Gathers a transfer in pieces that need not stay in memory. The listener sees what is written. */
export function blobSink(listener: { begin(): void; write(chunk: Uint8Array): void }): BlobSink {
  let pieces: Blob[] = []
  let chunks: Uint8Array<ArrayBuffer>[] = []
  let gathered = 0
  let size = 0
  let validator: string | undefined
  const flush = (): void => {
    if (gathered > 0) pieces.push(new Blob(chunks))
    chunks = []
    gathered = 0
  }
  return {
    get size() {
      return size
    },
    get validator() {
      return validator
    },
    async begin(next) {
      validator = next
      pieces = []
      chunks = []
      gathered = 0
      size = 0
      listener.begin()
    },
    async write(chunk) {
      listener.write(chunk)
      chunks.push(chunk as Uint8Array<ArrayBuffer>)
      gathered += chunk.byteLength
      size += chunk.byteLength
      if (gathered >= pieceBytes) flush()
    },
    blob() {
      flush()
      return new Blob(pieces)
    },
  }
}
