import { badFile } from '../../error.ts'

/** Reads little-endian numbers one after the other. Reading beyond the end is `BAD_FILE`. */
export interface Cursor {
  /** Where it stands, from the beginning of its bytes. */
  readonly position: number
  /** Bytes that are left. */
  readonly left: number
  u8(): number
  u16(): number
  u32(): number
  /** A size or count of eight bytes. */
  u64(): number
  /** A number of 1, 2, 4 or 8 bytes. */
  uint(bytes: number): number
  /** A place in the file, in eight bytes; undefined where all bits are set, which means none. */
  address(): number | undefined
  bytes(length: number): Uint8Array<ArrayBuffer>
  skip(length: number): void
  /** Goes on at a multiple of eight bytes from the beginning. */
  align(): void
  /** Text up to the first zero byte. */
  text(length: number): string
  /** Fails unless these letters come next. */
  magic(letters: string): void
  /** A cursor over a part of these bytes. */
  over(part: Uint8Array<ArrayBuffer>): Cursor
  /** An error about this structure. */
  bad(what: string): Error
}

/** A cursor over bytes; `source` and `what` are for messages. */
export function cursorOf(bytes: Uint8Array<ArrayBuffer>, source: string, what: string): Cursor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let position = 0
  const bad = (problem: string): Error => badFile(source, `has ${what} that ${problem}`)
  const advance = (length: number): number => {
    if (!(length >= 0 && position + length <= bytes.byteLength)) {
      throw bad(`ends after ${bytes.byteLength} bytes, where ${position + length} are needed`)
    }
    position += length
    return position - length
  }
  const cursor: Cursor = {
    get position() {
      return position
    },
    get left() {
      return bytes.byteLength - position
    },
    u8: () => view.getUint8(advance(1)),
    u16: () => view.getUint16(advance(2), true),
    u32: () => view.getUint32(advance(4), true),
    u64() {
      const at = advance(8)
      const value = view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32
      if (!Number.isSafeInteger(value)) throw bad(`has the number ${value}`)
      return value
    },
    uint: (size) => (size === 1 ? cursor.u8() : size === 2 ? cursor.u16() : size === 4 ? cursor.u32() : cursor.u64()),
    address() {
      const at = advance(8)
      if (view.getUint32(at, true) === 0xffffffff && view.getUint32(at + 4, true) === 0xffffffff) return undefined
      position = at
      return cursor.u64()
    },
    bytes: (length) => bytes.subarray(advance(length), position),
    skip: (length) => {
      advance(length)
    },
    align: () => {
      advance(Math.min(-position & 7, bytes.byteLength - position))
    },
    text(length) {
      const letters = cursor.bytes(length)
      const end = letters.indexOf(0)
      return utf8.decode(end < 0 ? letters : letters.subarray(0, end))
    },
    magic(letters) {
      const found = String.fromCharCode(...cursor.bytes(letters.length))
      if (found !== letters) throw bad(`begins with ${JSON.stringify(found)} instead of "${letters}"`)
    },
    over: (part) => cursorOf(part, source, what),
    bad,
  }
  return cursor
}

const utf8 = new TextDecoder()
