import { reasonOf, weightsError } from '../error.ts'
import { statusError } from './status.ts'
import type { Sink, TransferOptions, Transferred } from './transfer.ts'
import { watchdog } from './watchdog.ts'

/** What attempts tell each other. */
export interface TransferState {
  arrived: number
  answered: boolean
  joined: boolean
}

/** No weight file is longer; a server that never ends is. */
const longest = 8 * 2 ** 30

/** One request, and its answer written to the sink. Errors: those of `transfer`. */
export async function attempt(
  url: string,
  sink: Sink,
  options: TransferOptions,
  state: TransferState,
): Promise<Transferred> {
  const watch = watchdog(options)
  try {
    const from = sink.size > 0 && (options.verified || sink.validator !== undefined) ? sink.size : 0
    const response = await fetch(url, {
      headers: headersFor(sink, from, options),
      signal: watch.signal,
      cache: options.verified ? 'no-store' : 'no-cache',
    })
    state.answered = true
    if (response.status === 304) return { unchanged: true, joined: false }
    if (response.status === 416) return await complete(url, sink, response)
    if (!response.ok) throw statusError(url, response.status)
    const total = await positioned(url, sink, response, from, options)
    state.joined = sink.size > 0
    await pour(url, response, sink, total, options, state, watch)
    if (options.free && total !== undefined && sink.size < total) throw cutError(url, sink.size, total)
    return { unchanged: false, ...validatorsOf(response), joined: state.joined }
  } catch (error) {
    if (watch.stalled()) {
      throw weightsError(
        'STALLED',
        `${url} brought no byte for ${options.stallSeconds} s. Check the connection.`,
        error,
      )
    }
    if (error instanceof Error && error.name === 'CnnkitError') throw error
    throw weightsError(
      'NETWORK',
      `${url} could not be fetched: ${reasonOf(error)}. Check the connection and the address.`,
      error,
    )
  } finally {
    watch.stop()
  }
}

function headersFor(sink: Sink, from: number, options: TransferOptions): Record<string, string> {
  const headers: Record<string, string> = { ...options.headers }
  if (from > 0) {
    headers.range = `bytes=${from}-`
    if (options.free && sink.validator !== undefined) headers['if-range'] = sink.validator
    return headers
  }
  // Weights hardly compress, and lengths are told of what is sent. With a range, fetch says so by itself.
  if (options.free) headers['accept-encoding'] = 'identity'
  if (options.known?.etag !== undefined) headers['if-none-match'] = options.known.etag
  else if (options.known?.lastModified !== undefined) headers['if-modified-since'] = options.known.lastModified
  return headers
}

/** Empties the sink unless the answer goes on where it ends; the length of the whole, if the answer tells it. */
async function positioned(
  url: string,
  sink: Sink,
  response: Response,
  from: number,
  options: TransferOptions,
): Promise<number | undefined> {
  const encoding = response.headers.get('content-encoding') ?? 'identity'
  if (response.status === 206) {
    const range = response.headers.get('content-range')?.match(/^bytes (\d+)-\d+\/(\d+|\*)$/)
    const follows = Number(range?.[1] ?? from) === from && encoding === 'identity'
    if (follows && (options.verified || validatorOf(response) === sink.validator))
      return range?.[2] === undefined || range[2] === '*' ? undefined : Number(range[2])
    await sink.begin(undefined)
    throw weightsError('CUT', `${url} sent other bytes than those asked for (${range?.[0]}, ${encoding}). Try again.`)
  }
  await sink.begin(validatorOf(response))
  const length = response.headers.get('content-length')
  return encoding === 'identity' && length !== null ? Number(length) : undefined
}

async function pour(
  url: string,
  response: Response,
  sink: Sink,
  total: number | undefined,
  options: TransferOptions,
  state: TransferState,
  watch: { touch(): void },
): Promise<void> {
  const reader = response.body?.getReader()
  for (;;) {
    const next = await reader?.read()
    if (next === undefined || next.done) return
    watch.touch()
    await sink.write(next.value)
    state.arrived += next.value.byteLength
    options.report(sink.size, state.arrived, total)
    if (sink.size > longest)
      throw weightsError('TOO_LARGE', `${url} does not end after ${longest} bytes. Use another source.`)
  }
}

/** `Range` began at the end: the sink is whole if it has the length that the server tells, else it starts anew. */
async function complete(url: string, sink: Sink, response: Response): Promise<Transferred> {
  const total = response.headers.get('content-range')?.match(/^bytes \*\/(\d+)$/)?.[1]
  if (total !== undefined && Number(total) === sink.size)
    return { unchanged: false, ...validatorsOf(response), joined: true }
  const had = sink.size
  await sink.begin(undefined)
  throw cutError(url, had, Number(total ?? 0))
}

const validatorsOf = (response: Response): Pick<Transferred, 'etag' | 'lastModified'> => ({
  etag: response.headers.get('etag') ?? undefined,
  lastModified: response.headers.get('last-modified') ?? undefined,
})

/** What later parts of the same content come with; a weak ETag does not vouch for bytes. */
function validatorOf(response: Response): string | undefined {
  const { etag, lastModified } = validatorsOf(response)
  return etag?.startsWith('"') ? etag : lastModified
}

const cutError = (url: string, got: number, expected: number): Error =>
  weightsError('CUT', `${url} broke off: expected ${expected} bytes, got ${got}. Try again: it goes on from there.`)
