import { halfToFloat } from './half.ts'
import type { TfjsWeight } from './tfjs-manifest.ts'

/**
 * The values of a tensor from its bytes (little-endian, as all machines that tfjs runs on are), equal to what
 * `tf.io.decodeWeights` makes of them. float32 that is not quantised is not copied.
 */
export function decodeValues(bytes: Uint8Array<ArrayBuffer>, weight: TfjsWeight): Float32Array {
  const { quantization, dtype } = weight
  if (quantization === undefined) {
    if (dtype === 'float32') return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)
    return Float32Array.from(dtype === 'int32' ? new Int32Array(bytes.buffer) : bytes)
  }
  const stored = quantization.dtype === 'uint8' ? bytes : new Uint16Array(bytes.buffer)
  const values = new Float32Array(stored.length)
  if (quantization.dtype === 'float16') {
    halfToFloat(stored as Uint16Array, values)
    return values
  }
  const { scale, min } = quantization
  for (let i = 0; i < stored.length; i++) {
    const value = (stored[i] as number) * scale + min
    values[i] = dtype === 'int32' ? Math.round(value) : value
  }
  return values
}
