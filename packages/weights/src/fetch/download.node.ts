import { createHash } from 'node:crypto'
import { basename, join } from 'node:path'
import { abortedError } from '../error.ts'
import type { Task } from '../task.ts'
import { agrees, checksumError, type Expected } from './checksum.ts'
import { takePartial } from './partial.node.ts'
import type { Report } from './remote-folder.ts'
import { type Transferred, transfer } from './transfer.ts'

/** What to fetch. */
export interface DownloadRequest {
  readonly url: string
  readonly expected: Expected | undefined
  readonly headers?: Readonly<Record<string, string>>
  /** What the cache holds was sent with these. */
  readonly known?: { readonly etag?: string | undefined; readonly lastModified?: string | undefined } | undefined
  readonly report: Report
}

/** A file that has arrived, whole and with the right hash, under a name of its own in `partial`: to be moved or deleted. */
export interface Downloaded extends Transferred {
  readonly path: string
  readonly bytes: number
  /** In hexadecimal. */
  readonly sha256: string
}

/**
 * Fetches a file into the cache's folder `partial`, going on from where an earlier call or process broke off; undefined
 * where it has not changed from what is known. Errors: those of `transfer`, `CHECKSUM_MISMATCH`, `CACHE_UNWRITABLE`; what
 * has arrived stays for the next call unless its hash is wrong.
 */
export async function download(request: DownloadRequest, task: Task): Promise<Downloaded | undefined> {
  const { url, expected } = request
  const algorithms = new Set(['sha256', expected?.algorithm ?? 'sha256'] as const)
  for (let again = false; ; again = true) {
    if (task.signal?.aborted) throw abortedError(`Fetching ${url}`, task.signal)
    const partial = await takePartial(join(task.cacheDir, 'partial'), partialName(request), [...algorithms])
    const result = await transfer(url, partial, {
      ...(request.headers === undefined ? {} : { headers: request.headers }),
      verified: expected !== undefined,
      known: request.known,
      free: true,
      retries: task.retries,
      retriesUnanswered: task.retriesUnanswered,
      stallSeconds: task.stallSeconds,
      signal: task.signal,
      report: request.report,
    }).catch(async (error) => {
      await partial.putDown()
      throw error
    })
    if (result.unchanged) {
      await partial.discard()
      return undefined
    }
    const hex = partial.digest(expected?.algorithm ?? 'sha256')
    if (expected === undefined || agrees(expected, hex)) {
      await partial.finish()
      return { ...result, path: partial.path, bytes: partial.size, sha256: partial.digest('sha256') }
    }
    await partial.discard()
    // Pieces of different files may have been joined: once more, in one piece.
    if (!result.joined || again) throw checksumError(url, expected, hex)
  }
}

/** Readable, and different for what must not be joined: another address, another expected content. */
export function partialName({ url, expected }: Pick<DownloadRequest, 'url' | 'expected'>): string {
  const readable = basename(new URL(url).pathname)
    .replaceAll(/[^A-Za-z0-9_-]+/g, '-')
    .slice(-60)
  const hash = createHash('sha256')
    .update(`${url} ${expected?.hex ?? ''}`)
    .digest('hex')
  return `${readable}-${hash.slice(0, 10)}`
}
