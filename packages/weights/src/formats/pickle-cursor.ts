import { badFile } from '../error.ts'

/** Thrown where a pickle goes on beyond the bytes that are there. */
export const OUT_OF_BYTES: unique symbol = Symbol('out of bytes')

/** Reads a pickle's bytes in order. All throw {@link OUT_OF_BYTES} at the end. */
export interface PickleCursor {
  position(): number
  /** An unsigned number of 1, 2 or 4 bytes. */
  unsigned(width: 1 | 2 | 4): number
  int32(): number
  /** A length of 8 bytes. */
  length64(): number
  float64(): number
  /** A whole number of so many bytes, in two's complement. */
  long(width: number): number | bigint
  bytes(length: number): Uint8Array
  text(length: number): string
  /** Text up to a line feed. */
  line(): string
}

/** Names of modules and classes are shorter. */
const lineLimit = 1024
/** Whole numbers with more bytes are not met outside of cryptography. */
const longLimit = 256

/** A cursor at a place in a file's bytes. */
export function cursorOf(all: Uint8Array, start: number, source: string): PickleCursor {
  const view = new DataView(all.buffer, all.byteOffset, all.byteLength)
  let position = start
  const advance = (length: number): number => {
    if (position + length > all.byteLength) throw OUT_OF_BYTES
    position += length
    return position - length
  }
  const text = (length: number): string => {
    const at = advance(length)
    return decoder.decode(all.subarray(at, at + length))
  }
  return {
    position: () => position,
    unsigned(width) {
      const at = advance(width)
      return width === 1 ? view.getUint8(at) : width === 2 ? view.getUint16(at, true) : view.getUint32(at, true)
    },
    int32: () => view.getInt32(advance(4), true),
    length64: () => Number(view.getBigUint64(advance(8), true)),
    float64: () => view.getFloat64(advance(8)),
    long(width) {
      if (width > longLimit) throw badFile(source, `has a whole number of ${width} bytes in its pickle`)
      const at = advance(width)
      let value = 0n
      for (let i = width - 1; i >= 0; i--) value = (value << 8n) | BigInt(all[at + i] as number)
      value = BigInt.asIntN(8 * width, value)
      return Number.isSafeInteger(Number(value)) ? Number(value) : value
    },
    bytes(length) {
      const at = advance(length)
      return all.slice(at, at + length)
    },
    text,
    line() {
      const end = all.subarray(position, position + lineLimit).indexOf(0x0a)
      if (end < 0 && position + lineLimit > all.byteLength) throw OUT_OF_BYTES
      if (end < 0) throw badFile(source, 'has a pickle with an endless name')
      const line = text(end)
      position++
      return line
    },
  }
}

const decoder = new TextDecoder()
