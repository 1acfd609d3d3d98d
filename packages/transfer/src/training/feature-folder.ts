import { constants } from 'node:fs'
import { type FileHandle, mkdir, open, readFile, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { CnnkitError } from '@cnnkit/errors'
import type { FeatureFile, FeatureStore } from './feature-store.ts'
import { unfinishedName, writeFailed, writeWhole } from './whole-file.ts'

/** Options of {@link featureFolder}. */
export interface FeatureFolderOptions {
  /** Leaves the files after a complete run, for the next on the same pictures and frozen part. Not unless given. */
  readonly keep?: boolean
}

/** What stands in the index beside the rows. */
interface Index {
  readonly format: 'cnnkit features 1'
  readonly key: string
  readonly rows: number
  readonly width: number
  /** Rows that are surely on the disk. */
  readonly done: number
}

/** Milliseconds between writes of the index. */
const PATIENCE = 250

/**
 * Features in a folder (Node): for each data set a file of float32 rows, little-endian, and an index that says how many of
 * them count. The index is replaced as a whole and after the rows are on the disk, so a run that is killed while it
 * computes goes on within a second of where it was.
 *
 * Rows are known by a hash of the frozen layers with their weights, the preprocessing, and the names and classes of the pictures;
 * pictures that are changed under their names are not noticed: give them a new folder.
 *
 * `open` and `append` throw `WRITE_FAILED` (a full disk, no permission); what was written before stays.
 */
export function featureFolder(folder: string, { keep = false }: FeatureFolderOptions = {}): FeatureStore {
  const paths = new Set<string>()
  return {
    name: folder,
    open: async (key, { rows, width }) => {
      const data = join(folder, `${key.slice(0, 16)}.f32`)
      const index = join(folder, `${key.slice(0, 16)}.json`)
      for (const path of [data, index, unfinishedName(index)]) paths.add(path)
      return openRows(folder, { data, index }, { format: 'cnnkit features 1', key, rows, width, done: 0 })
    },
    remove: async () => {
      if (keep) return
      for (const path of paths) await rm(path, { force: true })
      await rmdir(folder).catch(() => {}) // others' files may be in it
    },
  }
}

async function openRows(
  folder: string,
  paths: { readonly data: string; readonly index: string },
  fresh: Index,
): Promise<FeatureFile> {
  const rowBytes = 4 * fresh.width
  let file: FileHandle
  let found: Index
  try {
    await mkdir(folder, { recursive: true })
    file = await open(paths.data, constants.O_RDWR | constants.O_CREAT)
    found = await indexOf(paths.index, fresh, (await file.stat()).size / rowBytes)
  } catch (error) {
    throw writeFailed(paths.data, error)
  }
  let end = found.done
  let kept = found.done
  let since = performance.now()
  const flush = async (): Promise<void> => {
    if (end === kept) return
    try {
      await file.datasync()
    } catch (error) {
      throw writeFailed(paths.data, error)
    }
    await writeWhole(paths.index, new TextEncoder().encode(JSON.stringify({ ...found, done: end })))
    kept = end
    since = performance.now()
  }
  return {
    done: found.done,
    append: async (values) => {
      try {
        await writeAll(file, values, end * rowBytes)
      } catch (error) {
        throw writeFailed(paths.data, error)
      }
      end += values.length / fresh.width
      if (end === fresh.rows || performance.now() - since > PATIENCE) await flush()
    },
    flush,
    close: () => file.close(),
    read: async (indices) => {
      const rows = new Float32Array(indices.length * fresh.width)
      await Promise.all(
        stretchesOf(indices).map(({ from, to, count }) => {
          const bytes = new Uint8Array(rows.buffer, to * rowBytes, count * rowBytes)
          return readPart(file, bytes, from * rowBytes, paths.data)
        }),
      )
      return rows
    },
  }
}

/** The index as it stands on the disk, where it is of these features and its rows are there; else a fresh one. */
async function indexOf(path: string, fresh: Index, rowsThere: number): Promise<Index> {
  const text = await readFile(path, 'utf8').catch(() => '')
  const { format, key, rows, width, done = 0 } = parsed(text) ?? {}
  const isSame = format === fresh.format && key === fresh.key && rows === fresh.rows && width === fresh.width
  return isSame && Number.isInteger(done) && done >= 0 && done <= Math.min(rows, rowsThere) ? { ...fresh, done } : fresh
}

function parsed(text: string): Partial<Index> | null {
  try {
    return JSON.parse(text) as Partial<Index> | null
  } catch {
    return null
  }
}

async function writeAll(file: FileHandle, values: Float32Array, position: number): Promise<void> {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  for (let at = 0; at < bytes.length; ) {
    at += (await file.write(bytes, at, bytes.length - at, position + at)).bytesWritten
  }
}

/** Rows that stand one after the other in the file and are wanted so. */
interface Part {
  readonly from: number
  readonly to: number
  readonly count: number
}

function stretchesOf(indices: readonly number[]): Part[] {
  const parts: Part[] = []
  indices.forEach((from, to) => {
    const last = parts.at(-1)
    if (last && last.from + last.count === from) parts[parts.length - 1] = { ...last, count: last.count + 1 }
    else parts.push({ from, to, count: 1 })
  })
  return parts
}

async function readPart(file: FileHandle, bytes: Uint8Array, position: number, path: string): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesRead } = await file.read(bytes, at, bytes.length - at, position + at)
    at += bytesRead
    if (bytesRead > 0) continue
    throw new CnnkitError(
      'transfer',
      'FEATURES_LOST',
      `"${path}" has become shorter than its index says: delete it to compute the features again.`,
    )
  }
}
