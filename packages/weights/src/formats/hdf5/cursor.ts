import { badFile } from '../../error.ts'

/** Reads little-endian numbers one after the other. Reading beyond the end is `BAD_FILE`. Files have thousands: a class is cheap to make. */
export class Cursor {
  #position = 0
  readonly #bytes: Uint8Array<ArrayBuffer>
  readonly #view: DataView<ArrayBuffer>
  readonly #source: string
  readonly #what: string

  /** Over bytes; `source` and `what` are for messages. */
  constructor(bytes: Uint8Array<ArrayBuffer>, source: string, what: string) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#source = source
    this.#what = what
  }

  /** Bytes that are left. */
  get left(): number {
    return this.#bytes.byteLength - this.#position
  }

  u8(): number {
    return this.#view.getUint8(this.#advance(1))
  }

  u16(): number {
    return this.#view.getUint16(this.#advance(2), true)
  }

  u32(): number {
    return this.#view.getUint32(this.#advance(4), true)
  }

  /** A size or count of eight bytes. */
  u64(): number {
    const at = this.#advance(8)
    const value = this.#view.getUint32(at, true) + this.#view.getUint32(at + 4, true) * 2 ** 32
    if (!Number.isSafeInteger(value)) throw this.bad(`has the number ${value}`)
    return value
  }

  /** A number of 1, 2, 4 or 8 bytes. */
  uint(bytes: number): number {
    return bytes === 1 ? this.u8() : bytes === 2 ? this.u16() : bytes === 4 ? this.u32() : this.u64()
  }

  /** A place in the file, in eight bytes; undefined where all bits are set, which means none. */
  address(): number | undefined {
    const at = this.#advance(8)
    if (this.#view.getBigUint64(at, true) === 2n ** 64n - 1n) return undefined
    this.#position = at
    return this.u64()
  }

  bytes(length: number): Uint8Array<ArrayBuffer> {
    const at = this.#advance(length)
    return this.#bytes.subarray(at, at + length)
  }

  skip(length: number): void {
    this.#advance(length)
  }

  /** Goes on at a multiple of eight bytes from the beginning. */
  align(): void {
    this.#advance(Math.min(-this.#position & 7, this.left))
  }

  /** Text up to the first zero byte. */
  text(length: number): string {
    const letters = this.bytes(length)
    const end = letters.indexOf(0)
    return utf8.decode(end < 0 ? letters : letters.subarray(0, end))
  }

  /** Fails unless these letters come next. */
  magic(letters: string): void {
    const found = String.fromCharCode(...this.bytes(letters.length))
    if (found !== letters) throw this.bad(`begins with ${JSON.stringify(found)} instead of "${letters}"`)
  }

  /** A cursor over a part of these bytes. */
  over(part: Uint8Array<ArrayBuffer>): Cursor {
    return new Cursor(part, this.#source, this.#what)
  }

  /** An error about this structure. */
  bad(problem: string): Error {
    return badFile(this.#source, `has ${this.#what} that ${problem}`)
  }

  #advance(length: number): number {
    const at = this.#position
    if (!(length >= 0 && at + length <= this.#bytes.byteLength)) {
      throw this.bad(`ends after ${this.#bytes.byteLength} bytes, where ${at + length} are needed`)
    }
    this.#position = at + length
    return at
  }
}

const utf8 = new TextDecoder()
