import type { TensorDtype } from '../weight-file.ts'
import { halfToFloat } from './half.ts'

/** Bytes that a value of each dtype takes. */
export const bytesPerValue: Readonly<Record<TensorDtype, number>> = {
  bool: 1,
  uint8: 1,
  int8: 1,
  uint16: 2,
  int16: 2,
  float16: 2,
  bfloat16: 2,
  uint32: 4,
  int32: 4,
  float32: 4,
  uint64: 8,
  int64: 8,
  float64: 8,
}

/**
 * Values from their bytes: little-endian, from the beginning of their buffer. float32 is not copied; the others are
 * rounded to float32, so that integers beyond 2^24 lose digits. What is not 0 is true.
 */
export function toFloat32(bytes: Uint8Array<ArrayBuffer>, dtype: TensorDtype): Float32Array {
  if (dtype === 'float32') return new Float32Array(bytes.buffer)
  const values = new Float32Array(bytes.byteLength / bytesPerValue[dtype])
  switch (dtype) {
    case 'float16':
      halfToFloat(new Uint16Array(bytes.buffer), values)
      break
    case 'bfloat16': {
      const bits = new Uint32Array(values.buffer)
      bits.set(new Uint16Array(bytes.buffer))
      for (let i = 0; i < bits.length; i++) bits[i] = (bits[i] as number) << 16
      break
    }
    case 'int64':
    case 'uint64': {
      const integers = dtype === 'int64' ? new BigInt64Array(bytes.buffer) : new BigUint64Array(bytes.buffer)
      for (let i = 0; i < integers.length; i++) values[i] = Number(integers[i])
      break
    }
    case 'bool':
      for (let i = 0; i < bytes.length; i++) values[i] = bytes[i] === 0 ? 0 : 1
      break
    default:
      values.set(new arrays[dtype](bytes.buffer))
  }
  return values
}

const arrays = {
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  float64: Float64Array,
} as const

/** How many values a shape has. NaN where it is none: sizes are integers from 0 up, and so is their product. */
export function valuesOf(shape: unknown): number {
  if (!Array.isArray(shape) || !shape.every((size) => Number.isSafeInteger(size) && size >= 0)) return Number.NaN
  const product = shape.reduce((values: number, size: number) => values * size, 1)
  return Number.isSafeInteger(product) ? product : Number.NaN
}
