import { CnnkitError } from '@cnnkit/errors'
import { type Format, formatOf } from './format.ts'
import type { ReadSource } from './read.ts'

/** What to call a source in a message. */
export function nameOf(source: ReadSource): string {
  if (typeof source === 'string' || source instanceof URL) {
    const text = String(source)
    return text.length > 200 ? `"${text.slice(0, 60)}..."` : `"${text}"`
  }
  if ('name' in source && typeof source.name === 'string') return `"${source.name}"`
  return 'The data'
}

/** The bytes behind a URL. Throws `NOT_FOUND`, `READ_FAILED` or `ABORTED`. */
export async function fetchBytes(url: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const name = nameOf(url)
  let response: Response
  try {
    response = await fetch(url, { signal: signal ?? null })
    if (response.ok) return new Uint8Array(await response.arrayBuffer())
  } catch (cause) {
    if (signal?.aborted) throw new CnnkitError('images', 'ABORTED', `Reading ${name} was aborted.`, { cause })
    throw readFailed(name, reasonOf(cause), cause)
  }
  if (response.status === 404 || response.status === 410) throw notFound(name)
  throw readFailed(name, `the server says ${response.status} ${response.statusText}`.trimEnd())
}

/** The bytes of a source that holds them, not copied where that is possible. */
export async function heldBytes(source: Uint8Array | ArrayBuffer | Blob): Promise<Uint8Array> {
  if (ArrayBuffer.isView(source)) return source
  return new Uint8Array(source instanceof Blob ? await source.arrayBuffer() : source)
}

/** The error for a picture that is not there. */
export function notFound(name: string, cause?: unknown): CnnkitError {
  return new CnnkitError('images', 'NOT_FOUND', `There is no picture at ${name}.`, { cause })
}

/** The error for a picture that is there but cannot be had. */
export function readFailed(name: string, reason: string, cause?: unknown): CnnkitError {
  return new CnnkitError('images', 'READ_FAILED', `Cannot read ${name}: ${reason}.`, { cause })
}

/** The error for bytes that did not decode: empty, of another format, or damaged. */
export function notAnImage(name: string, bytes: Uint8Array, formats: readonly Format[], cause?: unknown): CnnkitError {
  const format = formatOf(bytes)
  const readable = `${formats.slice(0, -1).join(', ')} and ${formats.at(-1)} can be read`
  const message =
    bytes.length === 0
      ? `${name} is empty.`
      : format === undefined
        ? `${name} is not a picture: ${readable}.`
        : formats.includes(format)
          ? `${name} is a damaged or unfinished ${format} (${reasonOf(cause)}): fetch it again, or leave it out.`
          : `${name} is ${format}, which cannot be read here: convert it; ${readable}.`
  return new CnnkitError('images', 'NOT_AN_IMAGE', message, { cause })
}

/** The innermost message of an error, on one line. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const text = error.cause instanceof Error ? error.cause.message : error.message
  return text.replaceAll(/\s*\n\s*/g, '; ').replace(/[.;\s]+$/, '')
}
