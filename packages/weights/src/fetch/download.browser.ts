// Loaded when the first file is fetched, with the hash functions.
import { weightsError } from '../error.ts'
import type { Checksum } from '../source.ts'
import type { Task } from '../task.ts'
import { blobSink } from './blob-sink.ts'
import { agrees, checksumError, expectedOf } from './checksum.ts'
import { type Hasher, hasher } from './hasher.browser.ts'
import type { Report } from './remote-folder.ts'
import { transfer } from './transfer.ts'

/** A file that has arrived whole and with the right hash. */
export interface Fetched {
  readonly blob: Blob
  readonly sha256: string
}

/**
 * Fetches a file into a blob, hashed as it comes. Errors: those of `transfer`, `CHECKSUM_MISMATCH`, and `REFUSES_PAGES` where
 * the server answers, but sends no CORS headers.
 */
export async function fetchBlob(
  url: string,
  checksum: Checksum | undefined,
  { pinned, refusesPages }: { readonly pinned: boolean; readonly refusesPages: boolean },
  report: Report,
  task: Task,
): Promise<Fetched> {
  if (refusesPages && isForeign(url)) throw refusal(url)
  const expected = checksum === undefined ? undefined : expectedOf(checksum, url)
  let hashes = new Map<string, Hasher>()
  const sink = blobSink({
    begin: () => {
      hashes = new Map(
        (['sha256', expected?.algorithm ?? 'sha256'] as const).map((algorithm) => [algorithm, hasher(algorithm)]),
      )
    },
    write: (chunk) => {
      for (const hash of hashes.values()) hash.update(chunk)
    },
  })
  await transfer(url, sink, {
    verified: expected !== undefined || pinned,
    free: false,
    retries: task.retries,
    retriesUnanswered: task.retriesUnanswered,
    diagnose: () => refusalOf(url, task.signal),
    stallSeconds: task.stallSeconds,
    signal: task.signal,
    report,
  })
  const digests = new Map(Array.from(hashes, ([algorithm, hash]) => [algorithm, hash.digest()]))
  const actual = expected && digests.get(expected.algorithm)
  if (expected && !agrees(expected, actual)) throw checksumError(url, expected, actual as string)
  return { blob: sink.blob(), sha256: digests.get('sha256') as string }
}

/** The SHA-256 of a blob, read piece by piece. */
export async function hashOfBlob(blob: Blob): Promise<string> {
  const hash = hasher('sha256')
  const piece = 8 * 2 ** 20
  for (let at = 0; at < blob.size; at += piece) {
    hash.update(new Uint8Array(await blob.slice(at, at + piece).arrayBuffer()))
  }
  return hash.digest()
}

const isForeign = (url: string): boolean => new URL(url).origin !== globalThis.location?.origin

/** A server that answers a request whose answer the page may not see is there: then it is CORS that failed the other. */
async function refusalOf(url: string, signal: AbortSignal | undefined): Promise<Error | undefined> {
  if (!isForeign(url)) return undefined
  try {
    await fetch(url, { method: 'HEAD', mode: 'no-cors', cache: 'no-store', ...(signal && { signal }) })
    return refusal(url)
  } catch {
    return undefined
  }
}

const refusal = (url: string): Error =>
  weightsError(
    'REFUSES_PAGES',
    `${new URL(url).origin} does not let pages of other origins read ${url} (it sends no CORS headers). ` +
      'Put a copy on your own server and name that: `mirror`.',
  )
