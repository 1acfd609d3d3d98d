import { badFile } from '../error.ts'
import type { TensorDtype } from '../weight-file.ts'
import { bytesPerValue, valuesOf } from './decode.ts'
import type { PickleGlobal } from './pickle-values.ts'

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

/** A tensor of a file of 2017 or before: its place was made first, and filled later. */
export interface LateTensor {
  readonly kind: 'late'
  value: unknown
}

/** What a value is, once it has been filled. */
export function settled(value: unknown): unknown {
  let found = value
  for (let depth = 0; depth < 4 && kindOf(found) === 'late'; depth++) found = (found as LateTensor).value
  return found
}

/** The name that a class or function of Python's has; a text that none has where a value is neither. */
export const nameOf = (value: unknown): string =>
  kindOf(value) === 'global' ? (value as PickleGlobal).name : '(no name)'

/** Which of the objects of a checkpoint a value is, if any. */
export const kindOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined

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
  const type = /^torch\.(?:cuda\.|storage\.)?(\w+Storage)$/.exec(nameOf(global))?.[1]
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
  const type = 'dtype' in parts ? nameOf(parts.dtype).replace(/^torch\./, '') : storage.type
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
    shape: [...(shape as number[])],
    strides: [...strides],
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

/** How many values of the storage lie between the first and the last of a tensor, both counted. */
export const spanOf = ({ shape, strides }: TorchTensor): number =>
  shape.reduce((span, size, axis) => span + (size - 1) * (strides[axis] as number), 1)

/** The dtype of a name of torch's: that of a storage's class, or `float32`. */
function dtypeOf(type: string): TensorDtype | undefined {
  if (Object.hasOwn(storageDtypes, type)) return storageDtypes[type]
  return Object.hasOwn(bytesPerValue, type) ? (type as TensorDtype) : undefined
}

const isStorage = (value: unknown): value is TorchStorage => kindOf(value) === 'storage'
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0
const isCounts = (value: unknown): value is number[] => Array.isArray(value) && value.every(isCount)

const show = (value: unknown): string =>
  Array.isArray(value) ? `[${value.slice(0, 8).map(showPlain).join(', ')}]` : showPlain(value)
const showPlain = (value: unknown): string => (typeof value === 'object' ? 'an object' : String(value))
