import { weightsError } from '../error.ts'

/** A file of which any part can be read. Reading opens and closes it, so that nothing need be disposed. */
export interface ByteFile {
  /** For messages: a path or a URL. */
  readonly name: string
  /** In bytes. */
  readonly size: number
  /** Fills `target` with the bytes from `position` on. Errors: `SHARD_SIZE` where the file ends before. */
  readInto(target: Uint8Array, position: number): Promise<void>
}

/** What is kept of fetched files. */
export interface Kept {
  /** A path, or for people. */
  readonly location: string
  readonly bytes: number
  /** A hash that their publisher gives was right. */
  readonly verified: boolean
}

/** Files that belong together (a manifest and its shards), wherever they are. */
export interface Folder {
  /** For messages: a path, a URL, or a package with its version. */
  readonly name: string
  /** The file at a path relative to the folder. It is fetched first where it is not on this machine. Errors: `NOT_FOUND`. */
  open(path: string): Promise<ByteFile>
  /** Fetches what will be opened next, several at a time, with one progress. `totalBytes` counts all of them. */
  prepare?(paths: readonly string[], totalBytes: number): Promise<void>
  /** Drops files from the cache that turned out to be wrong. */
  discard?(paths: readonly string[]): Promise<void>
  /** A file could not be read: it is dropped from the cache, unless a publisher's hash says that it is the right one. */
  doubt?(path: string): Promise<void>
  /** What was opened, where it had to be fetched or unpacked first. Undefined where nothing could be kept. */
  kept?(): Promise<Kept | undefined>
}

/** A file in a folder. */
export interface Location {
  /** Where its siblings are. */
  readonly folder: Folder
  /** Relative to the folder. */
  readonly path: string
}

/** A file in memory. Its bytes are not copied until they are read. */
export function memoryFile(name: string, bytes: Uint8Array): ByteFile {
  return {
    name,
    size: bytes.byteLength,
    async readInto(target, position) {
      if (position + target.byteLength > bytes.byteLength) throw endsTooEarly(name, position, target, bytes.byteLength)
      target.set(bytes.subarray(position, position + target.byteLength))
    },
  }
}

/** A file that the browser holds: one that the user chose, or one from the Cache API (then it stays on disk until read). */
export function blobFile(name: string, blob: Blob): ByteFile {
  return {
    name,
    size: blob.size,
    async readInto(target, position) {
      const end = position + target.byteLength
      if (end > blob.size) throw endsTooEarly(name, position, target, blob.size)
      target.set(new Uint8Array(await blob.slice(position, end).arrayBuffer()))
    },
  }
}

/** Files given by name. */
export function memoryFolder(name: string, files: Readonly<Record<string, Uint8Array | Blob>>): Folder {
  return {
    name,
    async open(path) {
      const content = Object.hasOwn(files, path) ? files[path] : undefined
      if (content === undefined) {
        const known = Object.keys(files).slice(0, 5).join(', ')
        throw weightsError(
          'NOT_FOUND',
          `${name} has no file "${path}". Hand it over too; there are ${known || 'none'}.`,
        )
      }
      return content instanceof Uint8Array ? memoryFile(path, content) : blobFile(path, content)
    },
  }
}

/** All bytes of a small file. Errors: `TOO_LARGE` beyond `limit`. */
export async function readAll(file: ByteFile, limit: number): Promise<Uint8Array<ArrayBuffer>> {
  if (file.size > limit) {
    throw weightsError(
      'TOO_LARGE',
      `${file.name} has ${file.size} bytes, more than the ${limit} allowed for such a file.`,
    )
  }
  const bytes = new Uint8Array(file.size)
  await file.readInto(bytes, 0)
  return bytes
}

/** The error for a file that ends before the bytes that were asked for. */
export const endsTooEarly = (name: string, position: number, target: Uint8Array, actual: number): Error =>
  weightsError(
    'SHARD_SIZE',
    `${name} ends too early: expected at least ${position + target.byteLength} bytes, it has ${actual}. Fetch or write it anew.`,
  )
