// Datatypes and dataspaces: "HDF5 File Format Specification", IV.A.2.b and d
import { weightsError } from '../../error.ts'
import type { TensorDtype } from '../../weight-file.ts'
import { bytesPerValue, valuesOf } from '../decode.ts'
import type { Cursor } from './cursor.ts'

/** What the bytes of a value mean. */
export type Hdf5Type =
  | { readonly kind: 'number'; readonly dtype: TensorDtype; readonly bytes: number; readonly bigEndian: boolean }
  | { readonly kind: 'string'; readonly bytes: number }
  | { readonly kind: 'long string'; readonly bytes: number }
  | { readonly kind: 'opaque'; readonly bytes: number }
  | { readonly kind: 'other'; readonly what: string; readonly bytes: number }

const classes = [
  'integer',
  'float',
  'time',
  'string',
  'bit field',
  'opaque',
  'compound',
  'reference',
  'enum',
  'list',
  'array',
]

/** Reads a datatype message. What networks do not have is of kind `other`, and refused where its values are wanted. */
export function readType(type: Cursor): Hdf5Type {
  const head = type.u8()
  const bits = type.u8() | (type.u8() << 8) | (type.u8() << 16)
  const bytes = type.u32()
  const other = (what: string): Hdf5Type => ({ kind: 'other', what: `${what} of ${bytes} bytes`, bytes })
  const bigEndian = (bits & 1) === 1
  switch (head & 15) {
    case 0: {
      const offset = type.u16()
      const dtype = `${bits & 8 ? 'int' : 'uint'}${bytes * 8}`
      if (offset !== 0 || type.u16() !== bytes * 8 || ![1, 2, 4, 8].includes(bytes)) return other('integer')
      return { kind: 'number', dtype: dtype as TensorDtype, bytes, bigEndian }
    }
    case 1: {
      const dtype = floats[[...type.bytes(8), type.u32()].join()]
      if (dtype === undefined || bytes !== bytesPerValue[dtype] || bits & 0x40) return other('float')
      return { kind: 'number', dtype, bytes, bigEndian }
    }
    case 3:
      return { kind: 'string', bytes }
    case 5:
      return { kind: 'opaque', bytes }
    case 8: {
      const base = readType(type)
      return base.kind === 'number' && bytes === 1 ? { ...base, dtype: 'bool' } : other('enum')
    }
    case 9:
      return (bits & 15) === 1 && bytes === 16 ? { kind: 'long string', bytes } : other('list')
    default:
      return other(classes[head & 15] ?? 'unknown type')
  }
}

/** By bit offset, precision (two bytes each), places and sizes of exponent and mantissa, and the exponent's bias. */
const floats: Readonly<Record<string, TensorDtype>> = {
  '0,0,16,0,10,5,0,10,15': 'float16',
  '0,0,16,0,7,8,0,7,127': 'bfloat16',
  '0,0,32,0,23,8,0,23,127': 'float32',
  '0,0,64,0,52,11,0,52,1023': 'float64',
}

/** Reads a dataspace message: the shape, or undefined where there is no value at all. */
export function readShape(space: Cursor): readonly number[] | undefined {
  const version = space.u8()
  const rank = space.u8()
  space.skip(1)
  if (version === 1) space.skip(5)
  else if (version !== 2) throw space.bad(`is a dataspace of version ${version}`)
  else if (space.u8() === 2) return undefined
  if (rank > 32) throw space.bad(`is a dataspace of ${rank} dimensions`)
  const shape = Array.from({ length: rank }, () => space.u64())
  if (Number.isNaN(valuesOf(shape))) throw space.bad(`is a dataspace of shape [${shape.join(', ')}]`)
  return shape
}

/** The error for what is sound HDF5, but is not read here. */
export const unsupported = (source: string, what: string): Error =>
  weightsError('UNSUPPORTED', `${source} has ${what}, which is not read. Write it anew with Keras or h5py's defaults.`)
