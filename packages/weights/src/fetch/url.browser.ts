import { isCnnkitError } from '@cnnkit/errors'
import { cacheLocation, dropCache, readCache, writeCache } from '../cache.browser.ts'
import { weightsError } from '../error.ts'
import { type ByteFile, blobFile, type Folder } from '../files/byte-file.ts'
import type { Task } from '../task.ts'
import { type Checksum, checksumError, hexOf } from './checksum.ts'
import { memorySink } from './memory-sink.ts'
import { type Report, remoteFolder } from './remote-folder.ts'
import { transfer } from './transfer.ts'

/** A file that a page wants. */
interface Wanted {
  readonly url: string
  readonly checksum: Checksum | undefined
  /** The address never changes its content (an exact version of a package). */
  readonly pinned: boolean
  readonly report: Report
}

/** Files on a server, kept in the Cache API. */
export function webFolder(
  name: string,
  files: { resolve(path: string): string; checksum(path: string): Checksum | undefined; pinned: boolean },
  task: Task,
): Folder {
  const store = {
    ensure: (path: string, report: Report) =>
      ensureFile({ url: files.resolve(path), checksum: files.checksum(path), pinned: files.pinned, report }, task),
    discard: (path: string) => dropCache(files.resolve(path)),
  }
  return remoteFolder(name, store, task)
}

async function ensureFile({ url, checksum, pinned, report }: Wanted, task: Task): Promise<ByteFile> {
  const found = await readCache(url)
  const usable = checksum === undefined || found?.sha256 === checksum.hex ? found : undefined
  const fromCache = (): ByteFile => {
    const { blob } = usable as { blob: Blob }
    report(blob.size, 0, blob.size)
    return blobFile(url, blob)
  }
  if (usable !== undefined && (checksum !== undefined || pinned || task.offline)) return fromCache()
  if (task.offline) {
    throw weightsError(
      'OFFLINE',
      `${url} is not in the ${cacheLocation()}, and fetching is forbidden (offline). Open it once while online.`,
    )
  }
  try {
    const blob = await fetchFile({ url, checksum, pinned, report }, task)
    return blobFile(url, blob)
  } catch (error) {
    const unreachable = ['NETWORK', 'STALLED', 'CUT', 'SERVER_BUSY'].some((code) => isCnnkitError(error, code))
    if (usable !== undefined && unreachable) return fromCache()
    throw error
  }
}

async function fetchFile({ url, checksum, pinned, report }: Wanted, task: Task): Promise<Blob> {
  if (checksum !== undefined && globalThis.crypto?.subtle === undefined) {
    throw weightsError(
      'INSECURE_PAGE',
      `${url} has a hash to be verified, which browsers allow only on https and localhost. Serve the page from there.`,
    )
  }
  const sink = memorySink()
  await transfer(url, sink, {
    verified: checksum !== undefined || pinned,
    strictLength: false,
    retries: task.retries,
    retriesUnanswered: Math.min(1, task.retries),
    stallSeconds: task.stallSeconds,
    signal: task.signal,
    report,
  }).catch((error) => {
    if (!isCnnkitError(error, 'NETWORK')) throw error
    const cors =
      'Or the server does not let pages read it (no CORS headers): use another source, or a copy on your own server.'
    throw weightsError('NETWORK', `${error.message.replace(/^\[[^\]]*\] /, '')} ${cors}`, error)
  })
  const bytes = sink.bytes()
  const sha256 = await sha256Of(bytes)
  if (checksum !== undefined && sha256 !== checksum.hex) throw checksumError(url, checksum, sha256 ?? 'unknown')
  const blob = new Blob([bytes])
  if (!(await writeCache(url, blob, sha256, checksum !== undefined))) return blob
  // The copy in the cache is on disk; the one just fetched need not stay in memory.
  return (await readCache(url))?.blob ?? blob
}

/** Undefined where the page may not compute it. */
export async function sha256Of(bytes: Uint8Array<ArrayBuffer>): Promise<string | undefined> {
  const digest = await globalThis.crypto?.subtle?.digest('SHA-256', bytes)
  return digest === undefined ? undefined : hexOf(new Uint8Array(digest))
}
