import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { unwritable, writable } from '../cache.node.ts'
import type { Algorithm } from './checksum.ts'
import { me, nameOf, type Owned, parseName } from './owner.node.ts'
import { adopt, sweepForgotten } from './partial-files.node.ts'
import type { Sink } from './transfer.ts'

/** A file that is being fetched, hashed while it grows. It belongs to this process until it is put down. */
export interface Partial extends Sink {
  readonly path: string
  /** Hash of all that was written, in hexadecimal; by one of the algorithms that it was taken up with. */
  digest(algorithm: Algorithm): string
  /** Writes it through to the disk and closes it: it may now be moved to its place. */
  finish(): Promise<void>
  /** Closes it and leaves it for whoever fetches the same next. */
  putDown(): Promise<void>
  /** Closes and deletes it. */
  discard(): Promise<void>
}

/**
 * Takes up the longest partial download of `what` that nobody works on, or begins one. Two processes that fetch the same
 * at once have one each.
 */
export async function takePartial(folder: string, what: string, algorithms: readonly Algorithm[]): Promise<Partial> {
  await writable(folder)
  await sweepForgotten(folder)
  const random = await adopt(folder, what)
  const name = nameOf({ what, owner: me(), kind: 'part', ...(random === undefined ? {} : { random }) })
  return openPartial(folder, parseName(name) as Owned, algorithms)
}

async function openPartial(folder: string, owned: Owned, algorithms: readonly Algorithm[]): Promise<Partial> {
  const path = join(folder, nameOf(owned))
  const note = join(folder, nameOf({ ...owned, owner: 'free', kind: 'validator' }))
  const file = await open(path, 'a').catch((error) => {
    throw unwritable(path, error)
  })
  let size = (await file.stat()).size
  let validator = size === 0 ? undefined : await readFile(note, 'utf8').catch(() => undefined)
  let hashes = await hashesOf(path, size, algorithms)
  return {
    path,
    get size() {
      return size
    },
    get validator() {
      return validator
    },
    async begin(next) {
      await file.truncate(0)
      size = 0
      hashes = fresh(algorithms)
      validator = next
      if (next === undefined) await rm(note, { force: true })
      else await writeFile(note, next)
    },
    async write(chunk) {
      await append(file, path, chunk)
      for (const hash of hashes.values()) hash.update(chunk)
      size += chunk.byteLength
    },
    digest: (algorithm) => (hashes.get(algorithm) as Hash).copy().digest('hex'),
    async finish() {
      await file.sync()
      await file.close()
      await rm(note, { force: true })
    },
    async putDown() {
      await file.close()
      await (size === 0 ? rm(path, { force: true }) : rename(path, join(folder, nameOf({ ...owned, owner: 'free' }))))
    },
    async discard() {
      await file.close()
      await rm(path, { force: true })
      await rm(note, { force: true })
    },
  }
}

async function append(file: FileHandle, path: string, chunk: Uint8Array): Promise<void> {
  for (let done = 0; done < chunk.byteLength; ) {
    const { bytesWritten } = await file.write(chunk, done).catch((error) => {
      throw unwritable(path, error)
    })
    done += bytesWritten
  }
}

type Hashes = ReadonlyMap<Algorithm, Hash>

const fresh = (algorithms: readonly Algorithm[]): Hashes =>
  new Map(algorithms.map((algorithm) => [algorithm, createHash(algorithm)]))

async function hashesOf(path: string, size: number, algorithms: readonly Algorithm[]): Promise<Hashes> {
  const hashes = fresh(algorithms)
  if (size === 0) return hashes
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) {
    for (const hash of hashes.values()) hash.update(chunk)
  }
  return hashes
}
