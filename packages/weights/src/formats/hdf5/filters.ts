import { unzlibSync } from 'fflate'
import { badFile } from '../../error.ts'
import type { Cursor } from './cursor.ts'
import { unsupported } from './types.ts'

/** How pieces of a dataset were packed, in the order in which it was done. */
export type Filter = { readonly kind: 'deflate' } | { readonly kind: 'shuffle'; readonly width: number }

/** Deflate makes at most so many bytes of one. */
export const deflateRatio = 1032

/** The filters of a dataset. Errors: `UNSUPPORTED` for those that are not here. */
export function readFilters(message: Cursor | undefined, source: string, path: string): readonly Filter[] {
  if (message === undefined) return []
  const version = message.u8()
  const count = message.u8()
  if (version === 1) message.skip(6)
  else if (version !== 2) throw message.bad(`lists filters in an unknown way (${version})`)
  return Array.from({ length: count }, (): Filter => {
    const id = message.u16()
    const nameLength = version === 1 || id >= 256 ? message.u16() : 0
    message.skip(2)
    const values = message.u16()
    const name = message.text(nameLength)
    if (version === 1) message.align()
    const [first = 0] = Array.from({ length: values }, () => message.u32())
    if (version === 1 && values % 2 === 1) message.skip(4)
    if (id === 1) return { kind: 'deflate' }
    if (id === 2 && first > 0) return { kind: 'shuffle', width: first }
    throw unsupported(source, `"${path}" packed with filter ${id} ("${name || (known[id] ?? '?')}")`)
  })
}

const known: Readonly<Record<number, string>> = {
  3: 'fletcher32',
  4: 'szip',
  5: 'nbit',
  6: 'scaleoffset',
  32000: 'lzf',
}

/** Unpacks a piece to exactly `length` bytes. Filters whose bit is set in `skipped` were not applied to it. */
export function unpack(
  packed: Uint8Array,
  filters: readonly Filter[],
  { length, skipped, source }: { readonly length: number; readonly skipped: number; readonly source: string },
): Uint8Array {
  let bytes = packed
  for (const [index, filter] of [...filters.entries()].reverse()) {
    if (skipped & (1 << index)) continue
    bytes = filter.kind === 'deflate' ? inflate(bytes, length, source) : unshuffle(bytes, filter.width)
  }
  if (bytes.length === length) return bytes
  throw badFile(source, `has a piece of ${bytes.length} bytes where ${length} are needed`)
}

function inflate(packed: Uint8Array, length: number, source: string): Uint8Array {
  try {
    return unzlibSync(packed, { out: new Uint8Array(length) })
  } catch (error) {
    throw badFile(source, `has a piece that cannot be unpacked (${(error as Error).message})`, error)
  }
}

/** The first bytes of all values, then the second ones, ...: back to whole values. */
function unshuffle(bytes: Uint8Array, width: number): Uint8Array {
  const count = Math.floor(bytes.length / width)
  const values = bytes.slice()
  for (let part = 0; part < width; part++) {
    for (let i = 0; i < count; i++) values[i * width + part] = bytes[part * count + i] as number
  }
  return values
}
