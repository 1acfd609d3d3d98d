import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { TensorInfo } from '@tensorflow/tfjs-core'

/** Functions of TensorFlow.js' wasm module, called with a result that is already there. */
export interface Native {
  /** Swaps the two axes of `from`, `[rows, columns]`. */
  transpose(from: TensorInfo, to: TensorInfo): void
  /** `left` `[m, k]` times `right` `[k, n]`, which is packed first and the packing kept for as long as the tensor. */
  matMul(left: TensorInfo, right: TensorInfo, to: TensorInfo): void
  /** `a + b` of one shape. */
  add(a: TensorInfo, b: TensorInfo, to: TensorInfo): void
  /** `a - b` of one shape. */
  sub(a: TensorInfo, b: TensorInfo, to: TensorInfo): void
  /** `a * b` of one shape. */
  multiply(a: TensorInfo, b: TensorInfo, to: TensorInfo): void
}

const natives = new WeakMap<BackendWasm, Native>()

/** The functions of this backend's module. */
export function nativeOf(backend: BackendWasm): Native {
  const known = natives.get(backend)
  if (known !== undefined) return known
  const native = bind(backend)
  natives.set(backend, native)
  return native
}

const number = 'number'
const array = 'array'

function bind(backend: BackendWasm): Native {
  const { cwrap } = backend.wasm as unknown as {
    cwrap(name: string, returns: null, takes: readonly string[]): (...values: (number | Uint8Array)[]) => void
  }
  const transpose = cwrap('Transpose', null, [number, array, number, number, number, array, number])
  const matMul = cwrap('BatchMatMul', null, [number, array, number, number, array, number, number, number, number])
  const binary = (name: string): Native['add'] => {
    const run = cwrap(name, null, [number, array, number, number, array, number, number, number])
    return (a, b, to) => {
      const shape = bytes(a.shape)
      run(id(a), shape, a.shape.length, id(b), shape, a.shape.length, float32, id(to))
    }
  }
  const id = (tensor: TensorInfo): number => backend.dataIdMap.get(tensor.dataId).id
  const swap = bytes([1, 0])
  return {
    transpose: (from, to) => transpose(id(from), bytes(from.shape), 2, float32, id(to), swap, 2),
    matMul: (left, right, to) =>
      matMul(id(left), bytes([1, ...left.shape]), 3, id(right), bytes([1, ...right.shape]), 3, 0, 0, id(to)),
    add: binary('Add'),
    sub: binary('Sub'),
    multiply: binary('Multiply'),
  }
}

/** What the module calls float32. */
const float32 = 0

function bytes(values: readonly number[]): Uint8Array {
  return new Uint8Array(new Int32Array(values).buffer)
}
