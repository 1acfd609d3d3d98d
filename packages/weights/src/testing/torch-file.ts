import { zipSync } from 'fflate'

/** What a pickle is put together from: a number is a byte, a text its characters. */
export type PicklePart = number | string | Uint8Array | readonly PicklePart[]

/** The bytes of parts, one after the other. */
export const bytesOf = (...parts: readonly PicklePart[]): Uint8Array =>
  new Uint8Array(Buffer.concat(parts.map(bufferOf)))

function bufferOf(part: PicklePart): Uint8Array {
  if (typeof part === 'number') return Uint8Array.of(part)
  if (typeof part === 'string') return Buffer.from(part)
  return part instanceof Uint8Array ? part : Buffer.concat(part.map(bufferOf))
}

const u32 = (value: number): Uint8Array => new Uint8Array(new Uint32Array([value]).buffer)

/** A text on the stack. */
export const text = (value: string): PicklePart => ['X', u32(new TextEncoder().encode(value).length), value]
/** A whole number on the stack: a float where it does not fit. */
export const int = (value: number): PicklePart =>
  value === (value | 0) ? ['J', u32(value >>> 0)] : ['G', new Uint8Array(new Float64Array([value]).buffer).reverse()]
/** A whole number of eight bytes on the stack. */
export const long = (value: bigint): PicklePart => [0x8a, 8, new Uint8Array(new BigInt64Array([value]).buffer)]
/** A tuple on the stack. */
export const tuple = (...parts: readonly PicklePart[]): PicklePart => ['(', parts, 't']
/** A class or function on the stack. */
export const global = (module: string, name: string): PicklePart => `c${module}\n${name}\n`
/** A dict on the stack. */
export const dict = (...items: readonly (readonly [string, PicklePart])[]): PicklePart => [
  '}(',
  items.map(([key, value]) => [text(key), value]),
  'u',
]
/** A whole pickle of protocol 2. */
export const pickleOf = (...parts: readonly PicklePart[]): Uint8Array => bytesOf(0x80, 2, ...parts, '.')

/** What is said of a tensor. */
export interface TensorParts {
  readonly key?: PicklePart
  readonly elements?: PicklePart
  readonly offset?: PicklePart
  readonly shape?: PicklePart
  readonly strides?: PicklePart
  readonly type?: string
}

/** A tensor on the stack: of 4 float32 values in the storage "0", unless said. */
export const tensor = (parts: TensorParts = {}): PicklePart => [
  global('torch._utils', '_rebuild_tensor_v2'),
  tuple(
    [
      tuple(
        text('storage'),
        global('torch', parts.type ?? 'FloatStorage'),
        parts.key ?? text('0'),
        text('cpu'),
        parts.elements ?? int(4),
      ),
      'Q',
    ],
    parts.offset ?? int(0),
    parts.shape ?? tuple(int(4)),
    parts.strides ?? tuple(int(1)),
    0x89,
    dict(),
  ),
  'R',
]

/** A file of the zip form: a pickle and a storage "0" of 16 bytes, and what is said beside. */
export const torchZip = (pickle: Uint8Array, more: Readonly<Record<string, Uint8Array>> = {}): Uint8Array =>
  zipSync(
    {
      'net/data.pkl': pickle,
      'net/byteorder': bytesOf('little'),
      'net/data/0': new Uint8Array(new Float32Array([1, 2, 3, 4]).buffer),
      'net/version': bytesOf('3\n'),
      ...more,
    },
    { level: 0 },
  )

/** A file of the old form, whose storages follow as they are given. */
export const torchLegacy = (pickle: Uint8Array, ...rest: readonly PicklePart[]): Uint8Array =>
  bytesOf(
    pickleOf(0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19),
    pickleOf(int(1001)),
    pickleOf(dict(['little_endian', 0x88])),
    pickle,
    ...rest,
  )
