import { badFile } from '../error.ts'
import type { ByteFile } from '../files/byte-file.ts'
import type { TensorDtype } from '../weight-file.ts'
import { bytesPerValue, toFloat32, valuesOf } from './decode.ts'
import type { PickleGlobal } from './pickle.ts'

/** A block of values that tensors are views of. */
export interface TorchStorage {
  readonly kind: 'storage'
  /** Its name in the file. */
  readonly key: string
  /** Its class: `FloatStorage`. */
  readonly type: string
  /** Values, or bytes in an `UntypedStorage`. */
  readonly elements: number
  /** Where it begins, in a storage that it is a view of (in files of 2017 and before). */
  readonly viewOffset: number
}

/** A view of a storage. All counts are of values, not bytes. */
export interface TorchTensor {
  readonly kind: 'tensor'
  readonly storage: TorchStorage
  readonly dtype: TensorDtype
  readonly offset: number
  readonly shape: readonly number[]
  readonly strides: readonly number[]
}

/** A tensor whose values are of a kind that is not read: complex or quantised. */
export interface UnreadTensor {
  readonly kind: 'unread'
  /** Its dtype, or its storage's class. */
  readonly type: string
}

const storageDtypes: Readonly<Record<string, TensorDtype>> = {
  FloatStorage: 'float32',
  DoubleStorage: 'float64',
  HalfStorage: 'float16',
  BFloat16Storage: 'bfloat16',
  ByteStorage: 'uint8',
  CharStorage: 'int8',
  ShortStorage: 'int16',
  IntStorage: 'int32',
  LongStorage: 'int64',
  BoolStorage: 'bool',
  UntypedStorage: 'uint8',
}

/** Bytes of an element of a storage, or undefined where its kind is not read. */
export function elementBytes({ type }: TorchStorage): number | undefined {
  const dtype = dtypeOf(type)
  return dtype === undefined ? otherStorages[type] : bytesPerValue[dtype]
}

/** What is not read, but may lie between what is. */
const otherStorages: Readonly<Record<string, number>> = {
  ComplexFloatStorage: 8,
  ComplexDoubleStorage: 16,
  QInt8Storage: 1,
  QUInt8Storage: 1,
  QInt32Storage: 4,
}

/** A storage from its persistent id: `('storage', torch.FloatStorage, '0', 'cpu', 27)`. */
export function storageOf(id: unknown, source: string): TorchStorage {
  const [word, global, key, , elements, view] = Array.isArray(id) ? id : []
  const type = /^torch\.(?:cuda\.|storage\.)?(\w+Storage)$/.exec((global as PickleGlobal | null)?.name ?? '')?.[1]
  const [, viewOffset = 0, viewElements] = Array.isArray(view) ? view : []
  if (
    word !== 'storage' ||
    type === undefined ||
    typeof key !== 'string' ||
    !isCount(elements) ||
    !isCount(viewOffset)
  ) {
    throw badFile(source, 'has a reference to something other than a storage')
  }
  if (Array.isArray(view) && !(viewOffset + viewElements <= elements)) {
    throw badFile(source, `has a view of the storage "${key}" that goes beyond its end`)
  }
  return { kind: 'storage', key, type, elements, viewOffset }
}

/**
 * A tensor from what `torch._utils._rebuild_tensor_v2` is called with: all of it must lie in its storage. Values may be
 * repeated (stride 0), up to 16 million of them. Errors: `BAD_FILE`.
 */
export function tensorOf(
  parts: { storage: unknown; offset: unknown; shape: unknown; strides: unknown; dtype?: unknown },
  source: string,
): TorchTensor | UnreadTensor {
  const { storage, offset, shape, strides } = parts
  if (!isStorage(storage)) throw badFile(source, 'has a tensor without a storage')
  const type = (parts.dtype as PickleGlobal | undefined)?.name.replace(/^torch\./, '') ?? storage.type
  const dtype = dtypeOf(type)
  if (dtype === undefined) return { kind: 'unread', type }
  const values = valuesOf(shape)
  if (Number.isNaN(values) || !isCounts(strides) || !isCount(offset) || strides.length !== (shape as number[]).length) {
    throw badFile(source, `has a tensor of shape ${show(shape)}, strides ${show(strides)} and offset ${show(offset)}`)
  }
  const tensor: TorchTensor = {
    kind: 'tensor',
    storage,
    dtype,
    offset: offset + storage.viewOffset,
    shape: shape as number[],
    strides,
  }
  const room =
    storage.type === 'UntypedStorage' ? Math.floor(storage.elements / bytesPerValue[dtype]) : storage.elements
  if (values > 0 && !(tensor.offset + spanOf(tensor) <= room)) {
    throw badFile(
      source,
      `has a tensor of shape ${show(shape)}, strides ${show(strides)} and offset ${offset} in a storage of ${room} values`,
    )
  }
  if (values > Math.max(room, repeatLimit)) throw badFile(source, `repeats ${room} values to a tensor of ${values}`)
  return tensor
}

const repeatLimit = 2 ** 24

/** The values of a tensor, of whose storage the bytes begin at `start` in a file. No more is read than it spans. */
export async function readTensor(tensor: TorchTensor, file: ByteFile, start: number): Promise<Float32Array> {
  const { dtype, offset, shape } = tensor
  const width = bytesPerValue[dtype]
  const values = valuesOf(shape)
  if (values === 0) return new Float32Array(0)
  const bytes = new Uint8Array(spanOf(tensor) * width)
  await file.readInto(bytes, start + offset * width)
  const spanned = toFloat32(bytes, dtype)
  return isContiguous(tensor) ? spanned : gather(spanned, tensor, values)
}

/** How many values of the storage lie between the first and the last of a tensor, both counted. */
const spanOf = ({ shape, strides }: TorchTensor): number =>
  shape.reduce((span, size, axis) => span + (size - 1) * (strides[axis] as number), 1)

function isContiguous({ shape, strides }: TorchTensor): boolean {
  let expected = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] as number
    if (size !== 1 && strides[axis] !== expected) return false
    expected *= size
  }
  return true
}

/** The values in row-major order. */
function gather(from: Float32Array, { shape, strides }: TorchTensor, count: number): Float32Array {
  const values = new Float32Array(count)
  const rows = shape.slice(0, -1)
  const length = shape.at(-1) ?? 1
  const stride = strides.at(-1) ?? 0
  const index = rows.map(() => 0)
  let row = 0
  for (let at = 0; at < count; ) {
    for (let i = 0; i < length; i++) values[at++] = from[row + i * stride] as number
    for (let axis = rows.length - 1; axis >= 0; axis--) {
      const step = strides[axis] as number
      row += step
      index[axis] = (index[axis] as number) + 1
      if ((index[axis] as number) < (rows[axis] as number)) break
      row -= step * (rows[axis] as number)
      index[axis] = 0
    }
  }
  return values
}

/** The dtype of a name of torch's: that of a storage's class, or `float32`. */
function dtypeOf(type: string): TensorDtype | undefined {
  if (Object.hasOwn(storageDtypes, type)) return storageDtypes[type]
  return Object.hasOwn(bytesPerValue, type) ? (type as TensorDtype) : undefined
}

const isStorage = (value: unknown): value is TorchStorage =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'storage'
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
const isCounts = (value: unknown): value is number[] => Array.isArray(value) && value.every(isCount)

const show = (value: unknown): string =>
  Array.isArray(value) ? `[${value.slice(0, 8).map(showPlain).join(', ')}]` : showPlain(value)
const showPlain = (value: unknown): string => (typeof value === 'object' ? 'an object' : String(value))
