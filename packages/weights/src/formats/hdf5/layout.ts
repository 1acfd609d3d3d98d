// Where a dataset's values lie: "HDF5 File Format Specification", IV.A.2.i (layout) and l (filters)
import { badFile, weightsError } from '../../error.ts'
import { valuesOf } from '../decode.ts'
import { type Chunk, checkChunks, readChunks } from './chunks.ts'
import type { Cursor } from './cursor.ts'
import type { Filter } from './filters.ts'
import { readFilters } from './filters.ts'
import type { Message } from './header.ts'
import type { Structures } from './structures.ts'
import { type Hdf5Type, readShape, readType, unsupported } from './types.ts'

/** Values as they lie in a file. */
export interface Dataset {
  readonly type: Hdf5Type
  readonly shape: readonly number[]
  readonly storage: Storage
}

/** In the object's header, in one piece, or in pieces that may be compressed. */
export type Storage =
  | { readonly kind: 'inline'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'whole'; readonly position: number; readonly length: number }
  | {
      readonly kind: 'chunks'
      readonly chunks: readonly Chunk[]
      readonly sides: readonly number[]
      readonly filters: readonly Filter[]
    }

/** The dataset that has these messages; undefined where it is none. All of its bytes are in the file, as many as its shape says. */
export async function readDataset(
  file: Structures,
  messages: readonly Message[],
  path: string,
): Promise<Dataset | undefined> {
  const body = (type: number): Cursor | undefined => messages.find((message) => message.type === type)?.body()
  const layout = body(0x08)
  const typeBody = body(0x03)
  const space = body(0x01)
  if (layout === undefined) return undefined
  if (typeBody === undefined || space === undefined) throw badFile(file.source, `has "${path}" without type or shape`)
  if (body(0x07) !== undefined) throw unsupported(file.source, `"${path}" with its values in other files`)
  const type = readType(typeBody)
  const shape = readShape(space)
  if (shape === undefined) throw badFile(file.source, `has "${path}" without any value`)
  const length = valuesOf(shape) * type.bytes
  if (!Number.isSafeInteger(length)) throw badFile(file.source, `gives "${path}" the shape [${shape.join(', ')}]`)
  const filters = readFilters(body(0x0b), file.source, path)
  const storage = await readStorage(file, { path, layout, shape, length, type, filters })
  return { type, shape, storage }
}

interface Wanted {
  readonly path: string
  readonly layout: Cursor
  readonly shape: readonly number[]
  readonly type: Hdf5Type
  /** Bytes of all values. */
  readonly length: number
  readonly filters: readonly Filter[]
}

async function readStorage(file: Structures, wanted: Wanted): Promise<Storage> {
  const { layout, length, path } = wanted
  const version = layout.u8()
  const kind = layout.u8()
  if (version !== 3 && !(version === 4 && kind < 2)) {
    throw unsupported(file.source, `"${path}" in a layout of version ${version} and kind ${kind}`)
  }
  if (kind === 0) {
    const size = layout.u16()
    if (size < length) throw tooShort(file, wanted, size)
    return { kind: 'inline', bytes: layout.bytes(length) }
  }
  if (kind === 1) {
    const position = layout.address()
    const size = layout.u64()
    if (length === 0) return { kind: 'inline', bytes: new Uint8Array() }
    if (position === undefined) throw badFile(file.source, `has "${path}", whose values were never written`)
    if (size !== length) throw tooShort(file, wanted, size)
    if (position + length > file.file.size) {
      throw badFile(
        file.source,
        `has "${path}" in the bytes ${position} to ${position + length}, but ends at ${file.file.size}`,
      )
    }
    return { kind: 'whole', position, length }
  }
  if (kind === 2) return chunked(file, wanted)
  throw badFile(file.source, `has "${path}" in a layout of kind ${kind}`)
}

/** The largest tensor of the classic networks, VGG's first dense layer, has 411 MB. */
const mostUnpacked = 2 ** 30

async function chunked(file: Structures, { layout, path, shape, type, length, filters }: Wanted): Promise<Storage> {
  const rank = layout.u8() - 1
  const tree = layout.address()
  const sides = Array.from({ length: Math.max(rank, 0) }, () => layout.u32())
  if (length === 0) return { kind: 'inline', bytes: new Uint8Array() }
  if (
    rank !== shape.length ||
    layout.u32() !== type.bytes ||
    sides.some((side, axis) => side < 1 || side > (shape[axis] ?? 0))
  ) {
    throw badFile(file.source, `has "${path}" of shape [${shape.join(', ')}] in pieces of [${sides.join(', ')}]`)
  }
  if (tree === undefined) throw badFile(file.source, `has "${path}", whose values were never written`)
  if (length > mostUnpacked) {
    throw weightsError(
      'TOO_LARGE',
      `${file.source} packs ${length} bytes in "${path}", more than the ${mostUnpacked} allowed.`,
    )
  }
  const chunks = await readChunks(file, tree, rank)
  checkChunks(chunks, { file, path, shape, sides, filters, bytes: type.bytes })
  return { kind: 'chunks', chunks, sides, filters }
}

const tooShort = (file: Structures, { path, shape, length }: Wanted, size: number): Error =>
  badFile(file.source, `has "${path}" of shape [${shape.join(', ')}] and ${size} bytes, where ${length} are needed`)
