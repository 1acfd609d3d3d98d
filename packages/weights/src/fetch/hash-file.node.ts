import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { Algorithm } from './checksum.ts'

/** The hash of a file on disk, in hexadecimal, read piece by piece. */
export async function hashOfFile(path: string, algorithm: Algorithm, signal?: AbortSignal): Promise<string> {
  const hash = createHash(algorithm)
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) {
    signal?.throwIfAborted()
    hash.update(chunk)
  }
  return hash.digest('hex')
}
