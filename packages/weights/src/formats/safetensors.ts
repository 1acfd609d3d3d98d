// safetensors: https://github.com/huggingface/safetensors#format
import { badFile, weightsError } from '../error.ts'
import type { ByteFile, Location } from '../files/byte-file.ts'
import { type NamedTensor, type TensorDtype, type WeightFile, weightFile } from '../weight-file.ts'
import { bytesPerValue, toFloat32, valuesOf } from './decode.ts'

/** The names of dtypes in the header, in the order in which the library sorts them. */
export const safetensorsDtypes: Readonly<Record<string, TensorDtype>> = {
  BOOL: 'bool',
  U8: 'uint8',
  I8: 'int8',
  I16: 'int16',
  U16: 'uint16',
  F16: 'float16',
  BF16: 'bfloat16',
  I32: 'int32',
  U32: 'uint32',
  F32: 'float32',
  F64: 'float64',
  I64: 'int64',
  U64: 'uint64',
}

/** The library's own limit. */
const headerLimit = 100_000_000

/** Opens a `.safetensors` file: its header is read, and the values when they are asked for. */
export async function openSafetensors(location: Location, source: string): Promise<WeightFile> {
  const file = await location.folder.open(location.path)
  const { header, start } = await readHeader(file, source)
  const { __metadata__: metadata = {}, ...entries } = header
  if (!isRecord(metadata)) throw badFile(source, `has ${show(metadata)} where "__metadata__" should be`)
  const tensors = Object.entries(entries).map(([name, entry]) => parseEntry(name, entry, source))
  checkOffsets(tensors, file.size - start, source)
  return weightFile({
    format: 'safetensors',
    source,
    metadata,
    tensors: tensors.map(
      ({ name, shape, dtype, from, to }): NamedTensor => ({
        name,
        shape,
        dtype,
        byteLength: to - from,
        async read() {
          const bytes = new Uint8Array(to - from)
          await file.readInto(bytes, start + from)
          return toFloat32(bytes, dtype)
        },
      }),
    ),
  })
}

async function readHeader(file: ByteFile, source: string): Promise<{ header: Record<string, unknown>; start: number }> {
  if (file.size < 10) throw badFile(source, `has ${file.size} bytes: too few for a safetensors file`)
  const prefix = new Uint8Array(8)
  await file.readInto(prefix, 0)
  const length = Number(new DataView(prefix.buffer).getBigUint64(0, true))
  if (length > headerLimit) {
    throw weightsError('TOO_LARGE', `${source} claims a header of ${length} bytes; allowed are ${headerLimit}.`)
  }
  if (8 + length > file.size) throw badFile(source, `claims a header of ${length} bytes, but has ${file.size} in all`)
  const bytes = new Uint8Array(length)
  await file.readInto(bytes, 8)
  let header: unknown
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    throw badFile(source, 'has a header that is not JSON', error)
  }
  if (!isRecord(header)) throw badFile(source, `has the header ${show(header)}`)
  return { header, start: 8 + length }
}

interface Entry {
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype: TensorDtype
  /** Where its bytes lie, counted from the end of the header. */
  readonly from: number
  readonly to: number
}

function parseEntry(name: string, entry: unknown, source: string): Entry {
  if (!isRecord(entry)) throw badFile(source, `has ${show(entry)} where the tensor "${name}" should be`)
  const { dtype, shape, data_offsets } = entry
  const known =
    typeof dtype === 'string' && Object.hasOwn(safetensorsDtypes, dtype) ? safetensorsDtypes[dtype] : undefined
  if (known === undefined) {
    throw weightsError(
      'UNKNOWN_DTYPE',
      `${source} gives "${name}" the dtype ${show(dtype)}. Known are ${Object.keys(safetensorsDtypes).join(', ')}.`,
    )
  }
  const byteLength = valuesOf(shape) * bytesPerValue[known]
  if (!Number.isSafeInteger(byteLength)) throw badFile(source, `gives "${name}" the shape ${show(shape)}`)
  const [from, to] = Array.isArray(data_offsets) && data_offsets.length === 2 ? data_offsets : []
  if (!Number.isSafeInteger(from) || from < 0 || to - from !== byteLength) {
    throw badFile(source, `says that the ${byteLength} bytes of "${name}" are at ${show(data_offsets)}`)
  }
  return { name, shape: shape as number[], dtype: known, from, to }
}

/** Tensors lie one after the other: no byte belongs to none, or to two. */
function checkOffsets(entries: readonly Entry[], size: number, source: string): void {
  let end = 0
  for (const { name, from, to } of [...entries].sort((a, b) => a.from - b.from || a.to - b.to)) {
    if (from !== end) {
      throw badFile(source, `has "${name}" at byte ${from}, where ${from < end ? 'another tensor lies' : 'a gap ends'}`)
    }
    end = to
  }
  if (end !== size) throw badFile(source, `has ${size} bytes of values; its header describes ${end}`)
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const show = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 100)
