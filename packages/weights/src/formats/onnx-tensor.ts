// Tensors of ONNX: https://github.com/onnx/onnx/blob/v1.19.0/onnx/onnx.proto (TensorProto)
import { badFile, weightsError } from '../error.ts'
import type { TensorDtype } from '../weight-file.ts'
import { bytesPerValue, toFloat32, valuesOf } from './decode.ts'
import { type Messages, type Span, varint } from './protobuf.ts'

/** A tensor as an ONNX file describes it. */
export interface OnnxTensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype: TensorDtype
  /** Its bytes, or a list of whole numbers of one to ten bytes each, or its bytes in another file. */
  readonly data:
    | ({ readonly kind: 'bytes' | 'varints' } & Span)
    | ({ readonly kind: 'external'; readonly location: string } & Span)
}

/** By `TensorProto.DataType`. Not among them: text (8), complex numbers, and numbers of less than a byte. */
const dtypes: Readonly<Record<number, TensorDtype>> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  4: 'uint16',
  5: 'int16',
  6: 'int32',
  7: 'int64',
  9: 'bool',
  10: 'float16',
  11: 'float64',
  12: 'uint32',
  13: 'uint64',
  16: 'bfloat16',
}

/** Where the values may be besides `raw_data` (9): float_data, double_data, int64_data, uint64_data, int32_data. */
const dataFields: Readonly<Record<number, readonly TensorDtype[]>> = {
  4: ['float32'],
  5: ['int32', 'int16', 'int8', 'uint16', 'uint8', 'bool', 'float16', 'bfloat16'],
  7: ['int64'],
  10: ['float64'],
  11: ['uint32', 'uint64'],
}

interface Parts {
  readonly shape: number[]
  readonly data: Map<number, Span>
  readonly external: Map<string, string>
  name: string
  type: number
  isExternal: boolean
}

/** Reads a tensor's description; undefined for texts, which are no weights. Errors: `BAD_FILE`, `UNKNOWN_DTYPE`, `UNSUPPORTED`. */
export async function readTensor(messages: Messages, span: Span, nameOfNode?: string): Promise<OnnxTensor | undefined> {
  const parts = await readParts(messages, span)
  const { shape, type, data, isExternal } = parts
  const name = nameOfNode ?? parts.name
  if (type === 8) return undefined
  const dtype = dtypes[type]
  if (dtype === undefined) {
    throw weightsError(
      'UNKNOWN_DTYPE',
      `${messages.source} gives "${name}" the type ${type}, which is not read. Convert it to floats.`,
    )
  }
  const count = valuesOf(shape)
  const byteLength = count * bytesPerValue[dtype]
  const bad = (what: string): Error => badFile(messages.source, `has "${name}" of shape [${shape.join(', ')}] ${what}`)
  if (name === '') throw badFile(messages.source, `has a tensor without a name at ${span.position}`)
  if (!Number.isSafeInteger(byteLength)) throw bad('that cannot be')
  if (isExternal) return { name, shape, dtype, data: externalOf(parts, byteLength, bad) }
  if (data.size > 1) throw bad('with its values twice')
  const [[field, place] = [9, { position: 0, length: 0 }]] = data
  if (field !== 9 && !dataFields[field]?.includes(dtype)) throw bad(`with values of another type than ${dtype}`)
  const kind = field === 9 || field === 4 || field === 10 ? 'bytes' : 'varints'
  const fits = kind === 'bytes' ? place.length === byteLength : place.length >= count && place.length <= 10 * count
  if (!fits) throw bad(`and ${place.length} bytes of ${dtype}`)
  return { name, shape, dtype, data: { kind, ...place } }
}

async function readParts(messages: Messages, span: Span): Promise<Parts> {
  const parts: Parts = { name: '', type: 0, isExternal: false, shape: [], data: new Map(), external: new Map() }
  await messages.eachField(span, async ({ number, wire, value, span: place }) => {
    if (number === 1 && wire === 0) parts.shape.push(value)
    else if (number === 1) parts.shape.push(...readVarints(await messages.bytes(place, 1024), messages.source))
    else if (number === 2) parts.type = value
    else if (number === 8) parts.name = await messages.text(place)
    else if (number === 13) await readEntry(messages, place, parts.external)
    else if (number === 14) parts.isExternal = value === 1
    else if (number === 3) throw unsupported(messages, 'a tensor in segments')
    else if (number === 9 || dataFields[number] !== undefined) {
      if (wire !== 2) throw unsupported(messages, 'values that are not packed')
      if (parts.data.has(number))
        throw badFile(messages.source, `has a tensor with its values twice at ${place.position}`)
      parts.data.set(number, place)
    }
  })
  return parts
}

async function readEntry(messages: Messages, span: Span, entries: Map<string, string>): Promise<void> {
  let key = ''
  let value = ''
  await messages.eachField(span, async ({ number, span: place }) => {
    if (number === 1) key = await messages.text(place)
    else if (number === 2) value = await messages.text(place)
  })
  entries.set(key, value)
}

/** https://github.com/onnx/onnx/blob/v1.19.0/docs/ExternalData.md */
function externalOf({ external }: Parts, byteLength: number, bad: (what: string) => Error): OnnxTensor['data'] {
  const number = (key: string, otherwise: number): number => {
    const text = external.get(key)
    if (text === undefined) return otherwise
    const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
    if (!Number.isSafeInteger(value)) throw bad(`in another file at ${key} ${JSON.stringify(text.slice(0, 40))}`)
    return value
  }
  const location = external.get('location')
  const length = number('length', byteLength)
  if (location === undefined) throw bad('in another file without a name')
  if (length !== byteLength) throw bad(`and ${length} bytes in another file, where ${byteLength} are needed`)
  return { kind: 'external', location, position: number('offset', 0), length }
}

/** The values of a list of whole numbers, as many as its shape says. */
export function decodeVarints(bytes: Uint8Array, { name, shape, dtype }: OnnxTensor, source: string): Float32Array {
  const count = valuesOf(shape)
  const isHalf = dtype === 'float16' || dtype === 'bfloat16'
  const values = isHalf ? new Uint16Array(count) : new Float32Array(count)
  let at = 0
  for (let index = 0; index < count && at < bytes.length; index++) {
    const { value, end } = varint(bytes, at, source)
    values[index] = dtype === 'bool' ? Number(value !== 0) : dtype === 'uint64' && value < 0 ? value + 2 ** 64 : value
    at = index === count - 1 && end < bytes.length ? Number.NaN : end
  }
  if (at !== bytes.length)
    throw badFile(source, `has "${name}" of shape [${shape.join(', ')}], but another number of values`)
  return values instanceof Uint16Array ? toFloat32(new Uint8Array(values.buffer), dtype) : values
}

function readVarints(bytes: Uint8Array, source: string): number[] {
  const values: number[] = []
  for (let at = 0; at < bytes.length; ) {
    const { value, end } = varint(bytes, at, source)
    values.push(value)
    at = end
  }
  return values
}

const unsupported = (messages: Messages, what: string): Error =>
  weightsError('UNSUPPORTED', `${messages.source} has ${what}, which is not read. Save it anew with the onnx package.`)
