import { isCnnkitError } from '@cnnkit/errors'
import { abortedError } from '../error.ts'
import { attempt } from './attempt.ts'

/** Where the bytes of a transfer go; it outlives the single attempt. */
export interface Sink {
  /** Bytes that it has, from the first on. */
  readonly size: number
  /** ETag (a strong one) or date that the bytes came with: what is to be joined to them must have the same. */
  readonly validator: string | undefined
  /** New content follows, from its first byte: drops what there is. */
  begin(validator: string | undefined): Promise<void>
  /** The next bytes. */
  write(chunk: Uint8Array): Promise<void>
}

/** How to transfer. */
export interface TransferOptions {
  /** Sent with each request. */
  readonly headers?: Readonly<Record<string, string>>
  /** A hash is known: bytes may be joined from several attempts although the server gives nothing to compare them by. */
  readonly verified: boolean
  /** What the cache holds was sent with these: the server may answer that nothing has changed. */
  readonly known?: { readonly etag?: string | undefined; readonly lastModified?: string | undefined } | undefined
  /**
   * The request is not a page's: it tells true lengths (a page sees the length before decompression), and may carry any
   * header (a page would need the server's consent for `If-Range`).
   */
  readonly free: boolean
  /** Retries while the server has never answered. */
  readonly retriesUnanswered: number
  /** Says what is wrong with a server that has not answered, if more can be found out than that. */
  diagnose?(): Promise<Error | undefined>
  readonly retries: number
  readonly stallSeconds: number
  readonly signal: AbortSignal | undefined
  /** Called with the bytes in the sink, those that arrived in this transfer, and the length, if known. */
  report(loaded: number, arrived: number, total: number | undefined): void
}

/** What the server said. `unchanged`: what the cache holds is still good, the sink is empty. */
export interface Transferred {
  readonly unchanged: boolean
  readonly etag?: string | undefined
  readonly lastModified?: string | undefined
  /** The bytes were joined from several answers. */
  readonly joined: boolean
}

/** Errors after which another attempt may go well. */
const temporary = new Set(['NETWORK', 'STALLED', 'CUT', 'SERVER_BUSY'])

/** Bytes that must arrive for a failure not to count. */
const progressBytes = 2 ** 20

/**
 * Brings the bytes behind a URL into a sink: takes a broken transfer up where it broke (`Range`, `If-Range`) or, where the
 * server cannot, from the beginning; waits longer after each failure.
 *
 * Errors: `ABORTED`, `NOT_FOUND` (404, 410), `HTTP_STATUS`, `SERVER_BUSY` (408, 429, 5xx), `NETWORK`, `STALLED`, `CUT`, `TOO_LARGE`.
 */
export async function transfer(url: string, sink: Sink, options: TransferOptions): Promise<Transferred> {
  const state = { arrived: 0, answered: false, joined: sink.size > 0 }
  let best = sink.size
  for (let failures = 0; ; ) {
    if (options.signal?.aborted) throw abortedError(`Fetching ${url}`, options.signal)
    try {
      return await attempt(url, sink, options, state)
    } catch (error) {
      if (options.signal?.aborted) throw abortedError(`Fetching ${url}`, options.signal)
      if (!isCnnkitError(error) || !temporary.has(error.code)) throw error
      if (sink.size >= best + progressBytes) failures = 0
      best = Math.max(best, sink.size)
      failures += 1
      const diagnosis = state.answered ? undefined : await options.diagnose?.()
      if (diagnosis !== undefined) throw diagnosis
      if (failures > (state.answered ? options.retries : options.retriesUnanswered)) throw error
      await pause(failures, options.signal)
    }
  }
}

/** Half a second, doubled with each failure up to eight seconds, and a little chance so that many do not come at once. */
async function pause(failures: number, signal: AbortSignal | undefined): Promise<void> {
  const milliseconds = Math.min(500 * 2 ** (failures - 1), 8000) * (0.75 + Math.random() / 2)
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    signal?.addEventListener('abort', done)
  })
}
