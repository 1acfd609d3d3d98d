import type { TensorDtype } from '../weight-file.ts'
import { floatToHalf } from './half.ts'

/**
 * The bytes of values in a dtype, little-endian. float32 is not copied where it need not be. Floats are rounded to the
 * nearest, ties to even; what is not 0 is true. `fail` makes the error for an integer that does not fit.
 */
export function encodeValues(
  values: ArrayLike<number> & Iterable<number>,
  dtype: TensorDtype,
  fail: (what: string) => Error,
): Uint8Array<ArrayBuffer> {
  if (dtype === 'int64' || dtype === 'uint64') return encodeLong(values, dtype, fail)
  if (dtype === 'bool') return Uint8Array.from(values, (value) => (value === 0 ? 0 : 1))
  if (dtype === 'float64') return bytesOf(Float64Array.from(values))
  if (dtype === 'float32' || dtype === 'float16' || dtype === 'bfloat16') {
    const floats = values instanceof Float32Array ? values : Float32Array.from(values)
    if (dtype === 'float32') return bytesOf(floats as Float32Array<ArrayBuffer>)
    return bytesOf(dtype === 'float16' ? floatToHalf(floats) : floatToBfloat16(floats))
  }
  const integers = arrays[dtype].from(values)
  for (let i = 0; i < integers.length; i++) {
    if (integers[i] !== values[i]) throw fail(`has the value ${values[i]}, which is no ${dtype}.`)
  }
  return bytesOf(integers)
}

const arrays = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
} as const

function encodeLong(
  values: Iterable<number>,
  dtype: 'int64' | 'uint64',
  fail: (what: string) => Error,
): Uint8Array<ArrayBuffer> {
  const [low, high] = dtype === 'int64' ? [-(2 ** 63), 2 ** 63] : [0, 2 ** 64]
  const checked = Array.from(values, (value) => {
    if (Number.isInteger(value) && value >= low && value < high) return BigInt(value)
    throw fail(`has the value ${value}, which is no ${dtype}.`)
  })
  return bytesOf(dtype === 'int64' ? BigInt64Array.from(checked) : BigUint64Array.from(checked))
}

/** The upper half of a float32, rounded. */
function floatToBfloat16(floats: Float32Array): Uint16Array<ArrayBuffer> {
  const bits = new Uint32Array(floats.buffer, floats.byteOffset, floats.length)
  const halves = new Uint16Array(bits.length)
  for (let i = 0; i < bits.length; i++) {
    const value = bits[i] as number
    const notANumber = (value & 0x7fffffff) > 0x7f800000
    halves[i] = notANumber ? (value >>> 16) | 0x40 : (value + 0x7fff + ((value >>> 16) & 1)) >>> 16
  }
  return halves
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView<ArrayBuffer>): Uint8Array<ArrayBuffer> =>
  new Uint8Array(buffer, byteOffset, byteLength)
