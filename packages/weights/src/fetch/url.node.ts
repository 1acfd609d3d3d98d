import { rm } from 'node:fs/promises'
import { isCnnkitError } from '@cnnkit/errors'
import { commitFile, dropFile, type Note, noteOf } from '../cache.node.ts'
import { weightsError } from '../error.ts'
import type { ByteFile, Location } from '../files/byte-file.ts'
import { localFile } from '../files/local.node.ts'
import type { UrlSource } from '../source.ts'
import type { Task } from '../task.ts'
import { expectedOf } from './checksum.ts'
import { type Downloaded, download } from './download.node.ts'
import { changedError, unverified } from './first-use.ts'
import { mirrorPath, onMirror } from './mirror.ts'
import { type Report, remoteFolder } from './remote-folder.ts'
import { keptAt, keptNote, type Slot, slotOf } from './slot.node.ts'
import { urlBase } from './url-base.ts'

/**
 * A file on a server and its siblings, kept in the cache under the source's own address, also where a mirror is what they
 * are fetched from.
 */
export function locateUrl(source: UrlSource, task: Task, mirror?: string): Location {
  const { path, resolve, folder } = urlBase(
    mirror === undefined ? source.url : onMirror(mirror, mirrorPath(source.url)),
  )
  const wanted = (sibling: string, report: Report): Wanted => ({
    ...slotOf(source, sibling, task),
    url: resolve(sibling),
    report,
  })
  const store = {
    ensure: (sibling: string, report: Report) => ensureFile(wanted(sibling, report), task),
    discard: (sibling: string) => dropFile(slotOf(source, sibling, task).path),
    kept: (sibling: string) => keptAt(slotOf(source, sibling, task)),
  }
  return { folder: remoteFolder(folder, store, task), path }
}

/** Whether the cache holds a source's file whole, so that no server need be asked. */
export async function holdsUrl(source: UrlSource, task: Task): Promise<boolean> {
  const slot = slotOf(source, urlBase(source.url).path, task)
  return slot.checksum !== undefined && (await keptNote(slot, { ...task, verify: false })) !== undefined
}

interface Wanted extends Slot {
  readonly url: string
  readonly report: Report
}

/**
 * The file from the cache, if its content is not meant to change, or the server says that it has not changed, or the server
 * cannot be reached; else fetched into the cache.
 */
async function ensureFile(wanted: Wanted, task: Task): Promise<ByteFile> {
  const { url, path, checksum, report } = wanted
  const expected = checksum === undefined ? undefined : expectedOf(checksum, url)
  const kept = await keptNote(wanted, task)
  if (kept !== undefined && (checksum !== undefined || task.offline)) return cached(path, kept, report)
  if (task.offline) throw offlineError(url, task)
  const known = kept?.url === url && (kept.etag ?? kept.lastModified) !== undefined ? kept : undefined
  const fetched = await download({ url, expected, known, report }, task).catch((error) => {
    if (kept !== undefined && isUnreachable(error)) return undefined
    throw error
  })
  if (fetched === undefined && kept !== undefined) return cached(path, kept, report)
  if (fetched === undefined)
    throw weightsError('HTTP_STATUS', `${url} answers "not modified" to a plain request. Use another source.`)
  await keep(fetched, wanted, task)
  return localFile(path)
}

/** Puts what was fetched into the cache, unless it differs from what first came where no hash is published. */
async function keep(fetched: Downloaded, { url, path, checksum }: Wanted, task: Task): Promise<void> {
  const first = checksum === 'none' ? await noteOf(path) : undefined
  if (first !== undefined && first.sha256 !== fetched.sha256) {
    await rm(fetched.path, { force: true })
    throw changedError(url, first, fetched.sha256, `delete ${path}.cnnkit.json`)
  }
  await commitFile(fetched.path, path, {
    url,
    bytes: fetched.bytes,
    sha256: fetched.sha256,
    verified: checksum !== undefined && checksum !== 'none',
    ...(checksum === undefined ? {} : { checksum }),
    fetched: first?.fetched ?? new Date().toISOString(),
    etag: fetched.etag,
    lastModified: fetched.lastModified,
  })
  if (checksum === 'none' && first === undefined) task.notice(unverified(url, fetched.sha256))
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
