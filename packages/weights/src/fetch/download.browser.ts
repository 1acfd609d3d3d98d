// Loaded when the first file is fetched, with the hash functions.
import { weightsError } from '../error.ts'
import type { Checksum } from '../source.ts'
import type { Task } from '../task.ts'
import { blobSink } from './blob-sink.ts'
import { agrees, checksumError, expectedOf } from './checksum.ts'
import { hashers } from './hasher.browser.ts'
import type { Report } from './remote-folder.ts'
import { transfer } from './transfer.ts'

/** A file that a page wants. */
export interface Wanted {
  readonly url: string
  readonly checksum: Checksum | undefined
  /** The address never changes its content. */
  readonly pinned: boolean
  /** The server is known to refuse pages of other origins. */
  readonly refusesPages: boolean
  readonly report: Report
}

/** A file that has arrived whole and with the right hash. */
export interface Fetched {
  readonly blob: Blob
  readonly sha256: string
}

/**
 * Fetches a file into a blob, hashed as it comes. Errors: those of `transfer`, `CHECKSUM_MISMATCH`, and `REFUSES_PAGES` where
 * the server answers, but sends no CORS headers.
 */
export async function fetchBlob(wanted: Wanted, task: Task): Promise<Fetched> {
  const { url, checksum, pinned, refusesPages, report } = wanted
  if (refusesPages && isForeign(url)) throw refusal(url)
  if (isMixed(url)) throw mixed(url)
  const expected = checksum === undefined ? undefined : expectedOf(checksum, url)
  const hashes = await hashers(['sha256', ...(expected === undefined ? [] : [expected.algorithm])])
  const sink = blobSink(hashes)
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
  const digests = hashes.digests()
  const actual = expected && digests.get(expected.algorithm)
  if (expected && !agrees(expected, actual)) throw checksumError(url, expected, actual as string)
  return { blob: sink.blob(), sha256: digests.get('sha256') as string }
}

/** The SHA-256 of a blob, read piece by piece. */
export async function hashOfBlob(blob: Blob): Promise<string> {
  const hashes = await hashers(['sha256'])
  hashes.begin()
  const piece = 8 * 2 ** 20
  for (let at = 0; at < blob.size; at += piece) {
    hashes.write(new Uint8Array(await blob.slice(at, at + piece).arrayBuffer()))
  }
  return hashes.digests().get('sha256') as string
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

/** Browsers keep pages of https from reading what is not encrypted. */
const isMixed = (url: string): boolean =>
  globalThis.location?.protocol === 'https:' && /^http:\/\/(?!localhost[:/]|127\.0\.0\.1[:/])/.test(url)

const mixed = (url: string): Error =>
  weightsError(
    'REFUSES_PAGES',
    `${url} is served without encryption, which a page of https may not read. Put a copy on your own server and name that: \`mirror\`.`,
  )

const refusal = (url: string): Error =>
  weightsError(
    'REFUSES_PAGES',
    `${new URL(url).origin} does not let pages of other origins read ${url} (it sends no CORS headers). ` +
      'Put a copy on your own server and name that: `mirror`.',
  )
