import { createHash } from 'node:crypto'
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import envPaths from 'env-paths'
import { weightsError } from './error.ts'
import { me, nameOf } from './fetch/owner.node.ts'
import type { OpenWeightsOptions } from './options.ts'

/*
 * The cache folder:
 *
 *   npm/<package>@<version>/<folder>/        a folder of a package, unpacked; "/" in names is written "+"
 *       model.json, group1-shard1of25.bin, ...
 *       cnnkit.json                          the mark: integrity of the tarball, size and SHA-256 of each file
 *   url/<host and folder>-<hash of the URL>/
 *       model.json, ...
 *       model.json.cnnkit.json               the note: URL, size, SHA-256, ETag, whether a hash was known beforehand
 *   partial/                                 what is being fetched; a broken download is taken up again from here
 *
 * A file is there only when it is whole and its hash was right; later only sizes are compared. Any of it may be deleted.
 */

/**
 * Where fetched weights are kept: `options.cacheDir`, or the environment's `CNNKIT_CACHE`, or the system's folder for
 * caches (`~/.cache/cnnkit` on Linux). It may be deleted at any time.
 */
export function cacheLocation(options: Pick<OpenWeightsOptions, 'cacheDir'> = {}): string {
  return resolve(options.cacheDir || process.env.CNNKIT_CACHE || envPaths('cnnkit', { suffix: '' }).cache)
}

/** Whether the environment forbids fetching: `CNNKIT_OFFLINE` is set, and not to 0 or false. */
export function isOffline(): boolean {
  return !['', '0', 'false', 'no'].includes((process.env.CNNKIT_OFFLINE ?? '').toLowerCase())
}

/** What the cache knows of a file: written beside it, or for all files of a package together. */
export interface Note {
  readonly bytes: number
  readonly sha256: string
  /** Of a file from a URL. */
  readonly url?: string
  readonly etag?: string | undefined
  readonly lastModified?: string | undefined
  /** Whether a hash was known before the file was fetched; otherwise `sha256` is what came. */
  readonly verified?: boolean
  /** The checksum of the source that it was fetched for. */
  readonly checksum?: string
  /** When it first came, as ISO 8601. */
  readonly fetched?: string
}

/** A name that every file system takes; different texts give different names. */
export function folderName(text: string): string {
  const readable = text.replace(/^https?:\/\//, '').replaceAll(/[^A-Za-z0-9._-]+/g, '-')
  return `${readable.slice(0, 100).replace(/^[.-]+|[.-]+$/g, '')}-${createHash('sha256').update(text).digest('hex').slice(0, 10)}`
}

/** A JSON file of the cache; undefined where it is missing or broken. */
export async function readJson<T>(path: string): Promise<T | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as T
  } catch {
    return undefined
  }
}

/** A file name from an address as every file system takes it. */
export function safeName(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
  const plain = name.replaceAll(/[\u0000-\u001f<>:"|?*]/g, '_').replace(/[. ]+$/, '_')
  return plain.length <= 150 ? plain : folderName(name)
}

/** The note of a file, whether the file is there or not. */
export const noteOf = (path: string): Promise<Note | undefined> => readJson<Note>(`${path}.cnnkit.json`)

/** The note of a cached file, if the file is there with the size it says. */
export async function readNote(path: string): Promise<Note | undefined> {
  const note = await noteOf(path)
  const size = await sizeOf(path)
  return note !== undefined && size === note.bytes ? note : undefined
}

/** Puts a fetched file into its place, at once, with its note. */
export async function commitFile(from: string, path: string, note: Note): Promise<void> {
  await writable(dirname(path))
  await rm(`${path}.cnnkit.json`, { force: true })
  await rename(from, path)
  await writeNote(path, note)
}

/** Writes a file's note, at once. */
export async function writeNote(path: string, note: Note): Promise<void> {
  const temporary = `${path}.${nameOf({ what: 'note', owner: me(), kind: 'saving' })}`
  await writeFile(temporary, `${JSON.stringify(note, undefined, 2)}\n`)
  await rename(temporary, `${path}.cnnkit.json`)
}

/** Removes a file and its note. */
export async function dropFile(path: string): Promise<void> {
  await rm(`${path}.cnnkit.json`, { force: true })
  await rm(path, { force: true })
}

/** Size of a file; undefined where there is none. */
export async function sizeOf(path: string): Promise<number | undefined> {
  return stat(path).then(
    (found) => (found.isFile() ? found.size : undefined),
    () => undefined,
  )
}

/** Makes a folder of the cache. Errors: `CACHE_UNWRITABLE`. */
export async function writable(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error) => {
    throw unwritable(folder, error)
  })
}

/** The error for a cache that cannot be written. */
export const unwritable = (path: string, error: unknown): Error =>
  weightsError(
    'CACHE_UNWRITABLE',
    `${path} cannot be written (${(error as NodeJS.ErrnoException).code ?? error}). Make room or set CNNKIT_CACHE to another folder.`,
    error,
  )
