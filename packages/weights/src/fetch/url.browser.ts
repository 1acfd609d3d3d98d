import { isCnnkitError } from '@cnnkit/errors'
import { type CachedFile, cacheLocation, dropCache, readCache, writeCache } from '../cache.browser.ts'
import { weightsError } from '../error.ts'
import { type ByteFile, blobFile, type Folder } from '../files/byte-file.ts'
import type { Checksum } from '../source.ts'
import type { Task } from '../task.ts'
import { expectedOf } from './checksum.ts'
import type { Fetched } from './download.browser.ts'
import { changedError, unverified } from './first-use.ts'
import { type Report, remoteFolder } from './remote-folder.ts'
import type { WebFiles } from './web-files.browser.ts'

/** Files on a server, kept in the Cache API. */
export function webFolder(name: string, files: WebFiles, task: Task): Folder {
  const store = {
    ensure: (path: string, report: Report) => ensureFile(path, files, report, task),
    discard: (path: string) => dropCache(files.key(path)),
    kept: async (path: string) => {
      const found = await readCache(files.key(path))
      if (found?.blob === undefined) return undefined
      return { location: files.key(path), bytes: found.blob.size, verified: found.verified ?? false }
    },
  }
  return remoteFolder(name, store, task)
}

/** Whether the cache holds a file, so that no server need be asked. */
export async function holdsWeb(path: string, files: WebFiles): Promise<boolean> {
  const checksum = files.checksum(path)
  if (checksum === undefined && !files.pinned) return false
  return isKept(await readCache(files.key(path)), checksum)
}

/** Whether a cached file is whole and was fetched for this checksum, or has a hash that agrees with it. */
function isKept(found: CachedFile | undefined, checksum: Checksum | undefined): found is CachedFile & { blob: Blob } {
  if (found?.blob === undefined) return false
  if (checksum === undefined || checksum === 'none' || found.checksum === checksum) return true
  const expected = expectedOf(checksum, '')
  return expected?.algorithm === 'sha256' && (found.sha256?.startsWith(expected.hex) ?? false)
}

async function ensureFile(path: string, files: WebFiles, report: Report, task: Task): Promise<ByteFile> {
  const url = files.resolve(path)
  const checksum = files.checksum(path)
  const found = await readCache(files.key(path))
  const isWhole = isKept(found, checksum) && (!task.verify || (await isSound(found)))
  const kept = isWhole ? found.blob : undefined
  const fromCache = (blob: Blob): ByteFile => {
    report(blob.size, 0, blob.size)
    return blobFile(url, blob)
  }
  if (kept !== undefined && (checksum !== undefined || files.pinned || task.offline)) return fromCache(kept)
  if (task.offline) {
    throw weightsError(
      'OFFLINE',
      `${url} is not in the ${cacheLocation()}, and fetching is forbidden (offline). Open it once while online.`,
    )
  }
  try {
    const { fetchBlob } = await import('./download.browser.ts')
    const { pinned, refusesPages } = files
    const fetched = await fetchBlob({ url, checksum, pinned, refusesPages, report }, task)
    return blobFile(url, await keep(fetched, { url, key: files.key(path), checksum, found }, task))
  } catch (error) {
    if (kept !== undefined && isUnreachable(error)) return fromCache(kept)
    throw error
  }
}

async function isSound({ blob, sha256 }: CachedFile & { readonly blob: Blob }): Promise<boolean> {
  const { hashOfBlob } = await import('./download.browser.ts')
  return (await hashOfBlob(blob)) === sha256
}

/** Whether an error says that a server could not be read now: what the cache has may serve. */
const isUnreachable = (error: unknown): boolean =>
  ['NETWORK', 'STALLED', 'CUT', 'SERVER_BUSY', 'REFUSES_PAGES'].some((code) => isCnnkitError(error, code))

interface Keeping {
  readonly url: string
  readonly key: string
  readonly checksum: Checksum | undefined
  /** What the cache had before. */
  readonly found: CachedFile | undefined
}

async function keep({ blob, sha256 }: Fetched, { url, key, checksum, found }: Keeping, task: Task): Promise<Blob> {
  if (checksum === 'none' && found?.sha256 !== undefined && found.sha256 !== sha256) {
    throw changedError(url, found, sha256, `empty the ${cacheLocation()} (caches.delete('cnnkit-weights'))`)
  }
  const fetched = (checksum === 'none' ? found?.fetched : undefined) ?? new Date().toISOString()
  const verified = checksum !== undefined && checksum !== 'none'
  const isKept = await writeCache(key, blob, { url, sha256, verified, checksum, fetched })
  if (checksum === 'none' && found?.sha256 === undefined) task.notice(unverified(url, sha256))
  // The copy in the cache is on disk; the one just fetched need not stay in memory.
  return isKept ? ((await readCache(key))?.blob ?? blob) : blob
}
