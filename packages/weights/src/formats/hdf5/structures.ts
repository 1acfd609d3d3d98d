import { badFile } from '../../error.ts'
import type { ByteFile } from '../../files/byte-file.ts'
import { Cursor } from './cursor.ts'

/** Reads the small structures of an HDF5 file, which lie between the values, by pages that are kept. */
export interface Structures {
  readonly file: ByteFile
  /** How messages call the file. */
  readonly source: string
  /** The structure at a place; `what` names it in messages. Errors: `BAD_FILE` outside the file, and beyond the budget. */
  at(position: number, length: number, what: string): Promise<Cursor>
  /** Where the structures lie that were read so far. */
  readonly taken: readonly (readonly [from: number, to: number])[]
}

const pageBytes = 8192
const pagesKept = 512

/** Structures that are read, at most: NASNet-large, the longest of the classic networks, has some 20,000. */
const mostReads = 1_000_000

/**
 * Structures of a file. Each needs to be read once or twice, so that a file in which they refer to one another for ever,
 * or lie in one another, is known by having read more than it holds.
 */
export function structuresOf(file: ByteFile, source: string): Structures {
  const pages = new Map<number, Promise<Uint8Array<ArrayBuffer>>>()
  const mostBytes = 4 * file.size + 2 ** 20
  const taken: (readonly [from: number, to: number])[] = []
  let bytesRead = 0
  let reads = 0
  const page = (index: number): Promise<Uint8Array<ArrayBuffer>> => {
    const kept = pages.get(index)
    if (kept !== undefined) return kept
    if (pages.size === pagesKept) pages.clear()
    const bytes = new Uint8Array(Math.min(pageBytes, file.size - index * pageBytes))
    const read = file.readInto(bytes, index * pageBytes).then(() => bytes)
    pages.set(index, read)
    return read
  }
  return {
    file,
    source,
    taken,
    async at(position, length, what) {
      if (position + length > file.size) {
        throw badFile(source, `has ${what} at ${position} of ${length} bytes, but ends at ${file.size}`)
      }
      bytesRead += length
      reads++
      if (bytesRead > mostBytes || reads > mostReads) {
        throw badFile(source, `has structures that refer to one another without an end (the last: ${what})`)
      }
      taken.push([position, position + length])
      const index = Math.floor(position / pageBytes)
      const from = position % pageBytes
      if (from + length <= pageBytes) return new Cursor((await page(index)).subarray(from, from + length), source, what)
      const bytes = new Uint8Array(length)
      await file.readInto(bytes, position)
      return new Cursor(bytes, source, what)
    },
  }
}
