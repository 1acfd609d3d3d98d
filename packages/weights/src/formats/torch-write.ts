// A checkpoint as `torch.save(state_dict, path)` writes it.
// https://github.com/pytorch/pytorch/blob/v2.9.1/torch/serialization.py, `_save`
import type { TensorDtype } from '../weight-file.ts'
import { bytesPerValue } from './decode.ts'
import { type CheckedTensor, checkTensors, type TensorToWrite } from './tensor-to-write.ts'
import type { FileToZip } from './zip-write.ts'

/**
 * A PyTorch checkpoint (a state dict in a zip file), in pieces. `torch.load(path)` reads it, with `weights_only=True` too, as an
 * `OrderedDict` in the order of the tensors. One tensor's values are in memory at a time. In a page: collect the pieces in a `Blob`.
 *
 * Errors: `BAD_TENSOR`, `TOO_LARGE` from 4 GiB on.
 */
export async function* torchBytes(
  tensors: Iterable<TensorToWrite>,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  const checked = checkTensors(tensors)
  const plain = (name: string, content: string | Uint8Array): FileToZip => {
    const bytes = typeof content === 'string' ? encoder.encode(content) : content
    return { name: `archive/${name}`, size: bytes.length, bytes: () => bytes }
  }
  const { storedZip } = await import('./zip-write.ts')
  yield* storedZip([
    plain('data.pkl', pickleOf(checked)),
    plain('byteorder', 'little'),
    ...checked.map(({ byteLength, bytes }, index) => ({ name: `archive/data/${index}`, size: byteLength, bytes })),
    plain('version', '3\n'),
  ])
}

const encoder = new TextEncoder()

/** What `torch.save` calls the storage of a dtype. Those without one are untyped, and their tensors say the dtype. */
const storages: Readonly<Partial<Record<TensorDtype, string>>> = {
  float32: 'FloatStorage',
  float64: 'DoubleStorage',
  float16: 'HalfStorage',
  bfloat16: 'BFloat16Storage',
  uint8: 'ByteStorage',
  int8: 'CharStorage',
  int16: 'ShortStorage',
  int32: 'IntStorage',
  int64: 'LongStorage',
  bool: 'BoolStorage',
}

/** A number is a byte, a text its UTF-8. */
type Part = number | string | readonly Part[]

/** `OrderedDict([(name, tensor), ...])` in protocol 2. */
function pickleOf(tensors: readonly CheckedTensor[]): Uint8Array {
  const items = tensors.map((tensor, index): Part => [text(tensor.name), tensorOf(tensor, String(index))])
  return Uint8Array.from(bytesOf([0x80, 2, orderedDict, '(', items, 'u', '.']))
}

/** `_rebuild_tensor_v2(storage, 0, shape, strides, False, OrderedDict())`. */
function tensorOf({ shape, dtype, byteLength }: CheckedTensor, key: string): Part {
  const storage = storages[dtype]
  const elements = storage === undefined ? byteLength : byteLength / bytesPerValue[dtype]
  const type = storage === undefined ? global('torch.storage', 'UntypedStorage') : global('torch', storage)
  const version = storage === undefined ? 'v3' : 'v2'
  return [
    global('torch._utils', `_rebuild_tensor_${version}`),
    tuple(
      [tuple(text('storage'), type, text(key), text('cpu'), int(elements)), 'Q'],
      int(0),
      tuple(...shape.map(int)),
      tuple(...stridesOf(shape).map(int)),
      FALSE,
      orderedDict,
      ...(storage === undefined ? [global('torch', dtype)] : []),
    ),
    'R',
  ]
}

/** Row-major, as torch counts where a size is 0. */
const stridesOf = (shape: readonly number[]): number[] =>
  shape.map((_, axis) => shape.slice(axis + 1).reduce((stride, size) => stride * Math.max(size, 1), 1))

const FALSE = 0x89
const global = (module: string, name: string): Part => `c${module}\n${name}\n`
const orderedDict: Part = [global('collections', 'OrderedDict'), ')R']
const tuple = (...parts: readonly Part[]): Part => ['(', parts, 't']
const text = (value: string): Part => ['X', uint32(encoder.encode(value).length), value]
const int = (value: number): Part =>
  value < 2 ** 31 ? ['J', uint32(value)] : [0x8a, 8, uint32(value % 2 ** 32), uint32(value / 2 ** 32)]
const uint32 = (value: number): Part => [0, 8, 16, 24].map((shift) => (value >>> shift) & 255)

const bytesOf = (part: Part): number[] =>
  typeof part === 'number' ? [part] : typeof part === 'string' ? [...encoder.encode(part)] : part.flatMap(bytesOf)
