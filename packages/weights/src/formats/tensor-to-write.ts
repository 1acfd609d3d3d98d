import { weightsError } from '../error.ts'
import type { TensorDtype } from '../weight-file.ts'
import { bytesPerValue, valuesOf } from './decode.ts'
import { encodeValues } from './encode.ts'

/**
 * A tensor that is to be written. What `openWeights` finds in a file fits, so that
 * `writeSafetensors(path, (await openWeights(source)).tensors)` converts one.
 */
export interface TensorToWrite {
  /** As readers will find it. No two may be the same. */
  readonly name: string
  /** Empty for a scalar. */
  readonly shape: readonly number[]
  /** How it is stored; float32 unless said. Values are rounded to the nearest; integers must fit. */
  readonly dtype?: TensorDtype | undefined
  /** The values in row-major order. Asked for when they are written, one tensor at a time. */
  read(): TensorValues | Promise<TensorValues>
}

/** Values in row-major order: what a tfjs tensor's `data()` gives, and others. */
export type TensorValues = Float32Array | Float64Array | Int32Array | Uint8Array

/** A tensor to write, checked. */
export interface CheckedTensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly dtype: TensorDtype
  readonly byteLength: number
  /** Its bytes in the file. Errors: `BAD_TENSOR`. */
  bytes(): Promise<Uint8Array<ArrayBuffer>>
}

/** Checks names and shapes. Errors: `BAD_TENSOR`. */
export function checkTensors(tensors: Iterable<TensorToWrite>): CheckedTensor[] {
  const names = new Set<string>()
  return Array.from(tensors, (tensor) => {
    const { name, shape, dtype = 'float32' } = tensor
    if (names.has(name)) throw badTensor(name, 'is there twice. Give each tensor a name of its own.')
    names.add(name)
    const count = valuesOf(shape)
    const byteLength = count * bytesPerValue[dtype]
    if (!Number.isSafeInteger(byteLength)) {
      throw badTensor(name, `has the shape [${shape}] and dtype ${dtype}, which cannot be written.`)
    }
    return {
      name,
      shape,
      dtype,
      byteLength,
      async bytes() {
        const values = await tensor.read()
        if (values.length !== count) {
          throw badTensor(name, `has ${values.length} values; its shape [${shape}] says ${count}.`)
        }
        return encodeValues(values, dtype, (what) => badTensor(name, what))
      },
    }
  })
}

const badTensor = (name: string, what: string): Error => weightsError('BAD_TENSOR', `The tensor "${name}" ${what}`)
