// Protocol buffers, field by field where they lie: https://protobuf.dev/programming-guides/encoding/
import { badFile } from '../error.ts'
import type { ByteFile } from '../files/byte-file.ts'

/** A part of a file. */
export interface Span {
  readonly position: number
  readonly length: number
}

/** A field of a message: its number, and a whole number or where its content lies. */
export interface Field {
  readonly number: number
  /** 0: a whole number; 1: eight bytes; 2: text, bytes, a message or a packed list; 5: four bytes. */
  readonly wire: 0 | 1 | 2 | 5
  /** Of wire type 0; as a signed number of 64 bits, rounded where it is beyond 2^53. */
  readonly value: number
  readonly span: Span
}

/** A file of messages. Whatever its messages contain is skipped, not read, unless it is asked for. */
export interface Messages {
  readonly file: ByteFile
  readonly source: string
  /** Calls `visit` with each field of the message at `span`, in order. Errors: `BAD_FILE`. */
  eachField(span: Span, visit: (field: Field) => Promise<void> | void): Promise<void>
  /** The bytes at a span, a copy. Errors: `BAD_FILE` for more than `limit`. */
  bytes(span: Span, limit: number): Promise<Uint8Array<ArrayBuffer>>
  /** The text at a span, at most a megabyte. */
  text(span: Span): Promise<string>
}

const windowBytes = 64 * 1024

/** The graphs of the classic networks have some 50,000. */
const mostFields = 1_000_000

/** Longer names are none. */
const textLimit = 2 ** 20

export function messagesOf(file: ByteFile, source: string): Messages {
  let windowStart = 0
  let window = new Uint8Array()
  let fields = 0
  const covers = (position: number, length: number): boolean =>
    position >= windowStart && position + length <= windowStart + window.length
  const fill = async (position: number): Promise<void> => {
    const bytes = new Uint8Array(Math.min(windowBytes, file.size - position))
    await file.readInto(bytes, position)
    windowStart = position
    window = bytes
  }
  const messages: Messages = {
    file,
    source,
    async eachField(span, visit) {
      const end = span.position + span.length
      for (let at = span.position; at < end; ) {
        const ahead = Math.min(longestHead, end - at)
        if (!covers(at, ahead)) await fill(at)
        const field = readField(window, at - windowStart, windowStart, source)
        at = field.span.position + field.span.length
        if (at > end)
          throw badFile(
            source,
            `has a field at ${field.span.position} that goes beyond its message, which ends at ${end}`,
          )
        if (++fields > mostFields) throw badFile(source, `has more than ${mostFields} fields`)
        const visited = visit(field)
        if (visited !== undefined) await visited
      }
    },
    async bytes({ position, length }, limit) {
      if (length > limit) throw badFile(source, `has ${length} bytes at ${position} where at most ${limit} make sense`)
      if (!covers(position, length) && length < windowBytes) await fill(position)
      if (covers(position, length)) return window.slice(position - windowStart, position - windowStart + length)
      const bytes = new Uint8Array(length)
      await file.readInto(bytes, position)
      return bytes
    },
    text: async (span) => utf8.decode(await messages.bytes(span, textLimit)),
  }
  return messages
}

/** A tag and a length, of at most ten bytes each. */
const longestHead = 20

function readField(bytes: Uint8Array, from: number, start: number, source: string): Field {
  const tag = varint(bytes, from, source)
  const wire = tag.value & 7
  const number = Math.floor(tag.value / 8)
  const position = start + tag.end
  if (number < 1) throw badFile(source, `has a field without a number at ${start + from}`)
  if (wire === 0) {
    const { value, end } = varint(bytes, tag.end, source)
    return { number, wire, value, span: { position, length: end - tag.end } }
  }
  if (wire === 1 || wire === 5) return { number, wire, value: 0, span: { position, length: wire === 1 ? 8 : 4 } }
  if (wire !== 2) throw badFile(source, `has a field of unknown kind (${wire}) at ${start + from}`)
  const length = varint(bytes, tag.end, source)
  if (length.value < 0) throw badFile(source, `has a field of ${length.value} bytes at ${start + from}`)
  return { number, wire, value: 0, span: { position: start + length.end, length: length.value } }
}

/** A whole number of one to ten bytes, and where it ends. Errors: `BAD_FILE`. */
export function varint(
  bytes: Uint8Array,
  from: number,
  source: string,
): { readonly value: number; readonly end: number } {
  let low = 0
  let high = 0
  for (let index = 0; index < 10; index++) {
    const byte = bytes[from + index]
    if (byte === undefined) break
    if (index < 4) low += (byte & 127) * 2 ** (7 * index)
    else high += (byte & 127) * 2 ** (7 * (index - 4))
    if (byte < 128) {
      // 64 bits in two's complement
      const unsigned = high % 2 ** 36
      return { value: low + (unsigned >= 2 ** 35 ? unsigned - 2 ** 36 : unsigned) * 2 ** 28, end: from + index + 1 }
    }
  }
  throw badFile(source, `has a number that does not end`)
}

const utf8 = new TextDecoder()
