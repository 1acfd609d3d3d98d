import { weightsError } from '../error.ts'
import { safetensorsDtypes } from './safetensors.ts'
import { checkTensors, type TensorToWrite } from './tensor-to-write.ts'

/** Options of a safetensors file. */
export interface SafetensorsOptions {
  /** Texts that the file carries beside its tensors. PyTorch's programs look for `{ format: 'pt' }`. */
  readonly metadata?: Readonly<Record<string, string>> | undefined
}

/**
 * A safetensors file, in pieces, the same bytes that the safetensors library writes: tensors sorted by dtype (the widest
 * first), then by name. One tensor's values are in memory at a time. In a page: collect the pieces in a `Blob`.
 *
 * Errors: `BAD_TENSOR`.
 */
export async function* safetensorsBytes(
  tensors: Iterable<TensorToWrite>,
  options: SafetensorsOptions = {},
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  const { metadata } = options
  if (metadata !== undefined && !Object.values(metadata).every((value) => typeof value === 'string')) {
    throw weightsError('BAD_TENSOR', `The metadata ${JSON.stringify(metadata)} are not all texts. Make them so.`)
  }
  const sorted = checkTensors(tensors).sort(
    (a, b) => rank.indexOf(b.dtype) - rank.indexOf(a.dtype) || compare(a.name, b.name),
  )
  let offset = 0
  const entries = sorted.map(({ name, shape, dtype, byteLength }): [string, object] => {
    const data_offsets = [offset, offset + byteLength]
    offset += byteLength
    return [name, { dtype: names[rank.indexOf(dtype)], shape, data_offsets }]
  })
  yield headerOf([...(metadata === undefined ? [] : [['__metadata__', metadata] as const]), ...entries])
  for (const tensor of sorted) yield await tensor.bytes()
}

const encoder = new TextEncoder()
const names = Object.keys(safetensorsDtypes)
const rank = Object.values(safetensorsDtypes)

/** As UTF-8 sorts, which is not how JavaScript compares texts. */
function compare(a: string, b: string): number {
  const left = encoder.encode(a)
  const right = encoder.encode(b)
  const at = left.findIndex((byte, index) => byte !== right[index])
  return at < 0 ? left.length - right.length : (left[at] as number) - (right[at] ?? -1)
}

/** The header, filled with spaces so that the values begin at a multiple of eight. Built by hand to keep the entries' order. */
function headerOf(entries: readonly (readonly [string, object])[]): Uint8Array<ArrayBuffer> {
  const json = `{${entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(',')}}`
  const text = encoder.encode(json)
  const length = Math.ceil(text.length / 8) * 8
  const bytes = new Uint8Array(8 + length).fill(0x20)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true)
  bytes.set(text, 8)
  return bytes
}
