import type { ByteFile } from '../files/byte-file.ts'
import { bytesPerValue, toFloat32, valuesOf } from './decode.ts'
import { spanOf, type TorchTensor } from './torch-tensor.ts'

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
