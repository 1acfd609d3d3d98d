import { join } from 'node:path'
import { isCnnkitError } from '@cnnkit/errors'
import { commitFile, dropFile, folderName, type Note, readNote } from '../cache.node.ts'
import { weightsError } from '../error.ts'
import type { ByteFile, Location } from '../files/byte-file.ts'
import { localFile } from '../files/local.node.ts'
import type { UrlSource } from '../source.ts'
import type { Task } from '../task.ts'
import { type Checksum, sha256 } from './checksum.ts'
import { download } from './download.node.ts'
import { type Report, remoteFolder } from './remote-folder.ts'
import { urlBase } from './url-base.ts'

/** A file on a server and its siblings, kept in the cache. */
export function locateUrl(source: UrlSource, task: Task): Location {
  const base = urlBase(source.url)
  const folder = join(task.cacheDir, 'url', folderName(base.folder + base.query))
  const checksums = new Map<string, Checksum>()
  for (const [path, hex] of Object.entries(source.files ?? {})) checksums.set(path, sha256(hex, path))
  if (source.sha256 !== undefined) checksums.set(base.path, sha256(source.sha256, source.url))
  const store = {
    ensure: (path: string, report: Report) =>
      ensureFile({ url: base.resolve(path), path: join(folder, path), checksum: checksums.get(path), report }, task),
    discard: (path: string) => dropFile(join(folder, path)),
  }
  return { folder: remoteFolder(base.folder, store, task), path: base.path }
}

interface Wanted {
  readonly url: string
  /** In the cache. */
  readonly path: string
  readonly checksum: Checksum | undefined
  readonly report: Report
}

/**
 * The file from the cache, if its content is pinned by a hash, or the server says that it has not changed, or the server
 * cannot be reached; else fetched into the cache.
 */
async function ensureFile(wanted: Wanted, task: Task): Promise<ByteFile> {
  const { url, path, checksum, report } = wanted
  const note = await readNote(path)
  const usable = note !== undefined && (checksum === undefined || note.sha256 === checksum.hex) ? note : undefined
  if (usable !== undefined && (checksum !== undefined || task.offline)) return cached(path, usable, report)
  if (task.offline) throw offlineError(url, task)
  const known = usable?.etag !== undefined || usable?.lastModified !== undefined ? usable : undefined
  const fetched = await download({ url, checksum, known, report }, task).catch((error) => {
    if (usable !== undefined && isUnreachable(error)) return undefined
    throw error
  })
  if (fetched === undefined && usable !== undefined) return cached(path, usable, report)
  if (fetched === undefined)
    throw weightsError('HTTP_STATUS', `${url} answers "not modified" to a plain request. Use another source.`)
  await commitFile(fetched.path, path, {
    url,
    bytes: fetched.bytes,
    sha256: fetched.hex,
    verified: checksum !== undefined,
    etag: fetched.etag,
    lastModified: fetched.lastModified,
  })
  return localFile(path)
}

async function cached(path: string, note: Note, report: Report): Promise<ByteFile> {
  report(note.bytes, 0, note.bytes)
  return localFile(path)
}

const isUnreachable = (error: unknown): boolean =>
  ['NETWORK', 'STALLED', 'CUT', 'SERVER_BUSY'].some((code) => isCnnkitError(error, code))

/** The error for what is not in the cache while fetching is forbidden. */
export const offlineError = (what: string, task: Task): Error =>
  weightsError(
    'OFFLINE',
    `${what} is not in the cache (${task.cacheDir}), and fetching is forbidden (offline, or CNNKIT_OFFLINE is set). Open it once while online.`,
  )
