import { badFile } from '../../error.ts'
import { deflateRatio, type Filter, unpack } from './filters.ts'
import { leaves } from './links.ts'
import type { Structures } from './structures.ts'

/** A piece of a dataset. */
export interface Chunk {
  readonly position: number
  /** Bytes in the file. */
  readonly length: number
  /** Filters that were not applied, by their bit. */
  readonly skipped: number
  /** The place of its first value in the whole, by axis. */
  readonly at: readonly number[]
}

/** The pieces that a tree lists. */
export async function readChunks(file: Structures, tree: number, rank: number): Promise<Chunk[]> {
  const keys: Omit<Chunk, 'position'>[] = []
  const positions = await leaves(file, tree, {
    type: 1,
    keyBytes: 8 + 8 * (rank + 1),
    eachKey(key) {
      keys.push({ length: key.u32(), skipped: key.u32(), at: Array.from({ length: rank }, () => key.u64()) })
    },
  })
  return positions.map((position, index) => ({ ...(keys[index] as Omit<Chunk, 'position'>), position }))
}

interface Whole {
  readonly file: Structures
  readonly path: string
  readonly shape: readonly number[]
  readonly sides: readonly number[]
  readonly filters: readonly Filter[]
  /** Of a value. */
  readonly bytes: number
}

/** Pieces must be there for every value, once, inside the file, and long enough for what they unpack to. */
export function checkChunks(chunks: readonly Chunk[], { file, path, shape, sides, filters, bytes }: Whole): void {
  const bad = (what: string): Error => badFile(file.source, `has "${path}" ${what}`)
  const expected = shape.reduce((count, size, axis) => count * Math.ceil(size / (sides[axis] as number)), 1)
  if (chunks.length !== expected) throw bad(`of ${expected} pieces, of which ${chunks.length} are there`)
  const piece = sides.reduce((product, side) => product * side, bytes)
  const ratio = filters.some(({ kind }) => kind === 'deflate') ? deflateRatio : 1
  const seen = new Set<string>()
  for (const { at, position, length } of chunks) {
    if (
      at.some((start, axis) => start >= (shape[axis] as number) || start % (sides[axis] as number) !== 0) ||
      seen.has(at.join())
    ) {
      throw bad(`with a piece at [${at.join(', ')}] that is there twice or should not be`)
    }
    seen.add(at.join())
    if (position + length > file.file.size) throw bad(`with a piece that ends at ${position + length}, behind the end`)
    if (length * ratio < piece) throw bad(`with a piece of ${length} bytes that should make ${piece}`)
  }
}

/** Reads all pieces into one row-major array. */
export async function readWhole(
  chunks: readonly Chunk[],
  { file, path, shape, sides, filters, bytes }: Whole,
): Promise<Uint8Array<ArrayBuffer>> {
  const whole = new Uint8Array(shape.reduce((product, size) => product * size, bytes))
  const length = sides.reduce((product, side) => product * side, bytes)
  for (const { at, position, length: packedLength, skipped } of chunks) {
    const packed = new Uint8Array(packedLength)
    await file.file.readInto(packed, position)
    place(unpack(packed, filters, { length, skipped, source: `${file.source}, "${path}",` }), {
      whole,
      at,
      shape,
      sides,
      bytes,
    })
  }
  return whole
}

interface Place extends Pick<Whole, 'shape' | 'sides' | 'bytes'> {
  readonly whole: Uint8Array
  readonly at: readonly number[]
}

/** Copies a piece to its place, row by row; what is beyond the edge of the whole is left out. */
function place(piece: Uint8Array, { whole, at, shape, sides, bytes }: Place): void {
  const last = shape.length - 1
  const row = Math.min(sides[last] as number, (shape[last] as number) - (at[last] as number)) * bytes
  const copy = (axis: number, from: number, to: number): void => {
    if (axis === last) {
      const start = (to + (at[last] as number)) * bytes
      whole.set(piece.subarray(from * bytes, from * bytes + row), start)
      return
    }
    const count = Math.min(sides[axis] as number, (shape[axis] as number) - (at[axis] as number))
    for (let i = 0; i < count; i++) {
      copy(
        axis + 1,
        (from + i) * (sides[axis + 1] as number),
        (to + (at[axis] as number) + i) * (shape[axis + 1] as number),
      )
    }
  }
  copy(0, 0, 0)
}
