/** Puts little-endian numbers one after the other. */
export class Packer {
  readonly #parts: Uint8Array[] = []
  #length = 0

  u8(...values: number[]): this {
    return this.bytes(Uint8Array.from(values))
  }

  u16(...values: number[]): this {
    return this.#numbers(values, 2, (view, at, value) => view.setUint16(at, value, true))
  }

  u32(...values: number[]): this {
    return this.#numbers(values, 4, (view, at, value) => view.setUint32(at, value, true))
  }

  u64(...values: number[]): this {
    return this.#numbers(values, 8, (view, at, value) => view.setBigUint64(at, BigInt(value), true))
  }

  /** The place that means none. */
  none(): this {
    return this.bytes(new Uint8Array(8).fill(255))
  }

  bytes(bytes: Uint8Array): this {
    this.#parts.push(bytes)
    this.#length += bytes.length
    return this
  }

  /** Goes on at a multiple of eight. */
  align(): this {
    return this.bytes(new Uint8Array(-this.#length & 7))
  }

  /** All of it. */
  done(): Uint8Array<ArrayBuffer> {
    const all = new Uint8Array(this.#length)
    let at = 0
    for (const part of this.#parts) {
      all.set(part, at)
      at += part.length
    }
    return all
  }

  #numbers(values: number[], width: number, set: (view: DataView, at: number, value: number) => void): this {
    const bytes = new Uint8Array(values.length * width)
    const view = new DataView(bytes.buffer)
    for (const [index, value] of values.entries()) set(view, index * width, value)
    return this.bytes(bytes)
  }
}
