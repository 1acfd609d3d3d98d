import { badFile } from '../../error.ts'
import type { NamedTensor } from '../../weight-file.ts'
import { toFloat32 } from '../decode.ts'
import { readWhole } from './chunks.ts'
import type { Hdf5Object } from './hdf5.ts'
import type { Dataset } from './layout.ts'
import type { Structures } from './structures.ts'
import { unsupported } from './types.ts'

/** A tensor, and the bytes that it takes in the file. */
interface Found {
  readonly tensor: NamedTensor
  readonly extents: readonly (readonly [from: number, to: number])[]
}

/** The dataset `object` as a tensor. Errors: `UNSUPPORTED` where it holds no numbers, `BAD_FILE`. */
export async function tensorOf(file: Structures, object: Hdf5Object, name: string): Promise<Found> {
  const dataset = await object.dataset()
  if (dataset === undefined) throw badFile(file.source, `has a group where the values of "${name}" should be`)
  const type = await numberType(file, object, dataset)
  const { shape, storage } = dataset
  const extents = extentsOf(storage)
  const tensor: NamedTensor = {
    name,
    shape,
    dtype: type.dtype,
    byteLength:
      storage.kind === 'inline' ? storage.bytes.length : extents.reduce((sum, [from, to]) => sum + to - from, 0),
    async read() {
      const bytes = await bytesOf(file, object, dataset)
      if (type.bigEndian) swap(bytes, type.bytes)
      return toFloat32(bytes, type.dtype)
    },
  }
  return { tensor, extents }
}

function extentsOf(storage: Dataset['storage']): Found['extents'] {
  if (storage.kind === 'inline') return []
  const parts = storage.kind === 'whole' ? [storage] : storage.chunks
  return parts.map(({ position, length }) => [position, position + length])
}

async function bytesOf(file: Structures, { path }: Hdf5Object, dataset: Dataset): Promise<Uint8Array<ArrayBuffer>> {
  const { storage, shape, type } = dataset
  switch (storage.kind) {
    case 'inline':
      return storage.bytes.slice()
    case 'whole': {
      const bytes = new Uint8Array(storage.length)
      await file.file.readInto(bytes, storage.position)
      return bytes
    }
    case 'chunks':
      return readWhole(storage.chunks, { ...storage, file, path, shape, bytes: type.bytes })
  }
}

type NumberType = Extract<Dataset['type'], { kind: 'number' }>

async function numberType(file: Structures, object: Hdf5Object, { type }: Dataset): Promise<NumberType> {
  if (type.kind === 'number') return type
  // Keras 3 writes bfloat16, which NumPy does not have, as two bytes of no type, and says so beside.
  if (type.kind === 'opaque' && type.bytes === 2 && (await object.attribute('dtype')) === 'bfloat16') {
    return { kind: 'number', dtype: 'bfloat16', bytes: 2, bigEndian: false }
  }
  throw unsupported(file.source, `"${object.path}" of type ${type.kind === 'other' ? type.what : type.kind}`)
}

function swap(bytes: Uint8Array, width: number): void {
  for (let start = 0; start < bytes.length; start += width) bytes.subarray(start, start + width).reverse()
}
