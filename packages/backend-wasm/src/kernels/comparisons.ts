import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { Greater, GreaterEqual, Less, LessEqual, LogicalAnd, Select, type TensorInfo } from '@tensorflow/tfjs-core'
import { bytesOf, heapOf, offsetOf, sizeOf } from '../memory/heap.ts'
import { stock, type WasmKernel } from './stock.ts'

// The gradients of ReLU6 and of clipping compare all values with a bound, combine the results and select by them.
// TensorFlow.js' kernels take 13 nanoseconds a value for it, these loops without branches 2 (measured, one core).

type Compare = (values: Float32Array, bound: number, to: Uint8Array) => void

/** `x < bound` for a bound that is one number. */
export const less: WasmKernel = comparison(Less, (values, bound, to) => {
  for (let i = 0; i < to.length; i++) to[i] = +(values[i]! < bound)
})

/** `x <= bound` for a bound that is one number. */
export const lessEqual: WasmKernel = comparison(LessEqual, (values, bound, to) => {
  for (let i = 0; i < to.length; i++) to[i] = +(values[i]! <= bound)
})

/** `x > bound` for a bound that is one number. */
export const greater: WasmKernel = comparison(Greater, (values, bound, to) => {
  for (let i = 0; i < to.length; i++) to[i] = +(values[i]! > bound)
})

/** `x >= bound` for a bound that is one number. */
export const greaterEqual: WasmKernel = comparison(GreaterEqual, (values, bound, to) => {
  for (let i = 0; i < to.length; i++) to[i] = +(values[i]! >= bound)
})

function comparison(kernelName: string, compare: Compare): WasmKernel {
  return {
    kernelName,
    kernelFunc: ({ backend, inputs, attributes }) => {
      const { a, b } = inputs as { a: TensorInfo; b: TensorInfo }
      const floats = a.dtype === 'float32' && b.dtype === 'float32'
      if (!floats || b.shape.length !== 0) return stock(backend, kernelName, inputs, attributes)
      const result = backend.makeOutput(a.shape, 'bool')
      const bound = heapOf(backend)[offsetOf(backend, b)]!
      compare(floatsOf(backend, a), bound, flagsOf(backend, result))
      return result
    },
  }
}

/** Both of two masks of one shape. */
export const logicalAnd: WasmKernel = {
  kernelName: LogicalAnd,
  kernelFunc: ({ backend, inputs, attributes }) => {
    const { a, b } = inputs as { a: TensorInfo; b: TensorInfo }
    if (!sameShape(a, b)) return stock(backend, LogicalAnd, inputs, attributes)
    const result = backend.makeOutput(a.shape, 'bool')
    const [left, right, both] = [flagsOf(backend, a), flagsOf(backend, b), flagsOf(backend, result)]
    for (let i = 0; i < both.length; i++) both[i] = left[i]! & right[i]!
    return result
  },
}

/** Values of one tensor where a mask of the same shape is set, of the other elsewhere. */
export const select: WasmKernel = {
  kernelName: Select,
  kernelFunc: ({ backend, inputs, attributes }) => {
    const { condition, t, e } = inputs as Record<'condition' | 't' | 'e', TensorInfo>
    const words = t.dtype !== 'bool' && t.dtype !== 'string' && t.dtype === e.dtype
    if (!words || !sameShape(condition, t)) return stock(backend, Select, inputs, attributes)
    const result = backend.makeOutput(t.shape, t.dtype)
    const mask = flagsOf(backend, condition)
    const [yes, no, to] = [wordsOf(backend, t), wordsOf(backend, e), wordsOf(backend, result)]
    for (let i = 0; i < mask.length; i++) {
      const bits = -mask[i]!
      to[i] = (yes[i]! & bits) | (no[i]! & ~bits)
    }
    return result
  },
}

function sameShape(a: TensorInfo, b: TensorInfo): boolean {
  return a.shape.length === b.shape.length && a.shape.every((side, i) => side === b.shape[i])
}

// Views of one tensor each, as an index into the whole heap costs the loops three times as much.

/** The bytes of a mask, 0 or 1 each. */
function flagsOf(backend: BackendWasm, mask: TensorInfo): Uint8Array {
  const { memoryOffset } = backend.dataIdMap.get(mask.dataId)
  return bytesOf(backend).subarray(memoryOffset, memoryOffset + sizeOf(mask.shape))
}

function floatsOf(backend: BackendWasm, tensor: TensorInfo): Float32Array {
  const { memoryOffset } = backend.dataIdMap.get(tensor.dataId)
  return new Float32Array(bytesOf(backend).buffer, memoryOffset, sizeOf(tensor.shape))
}

function wordsOf(backend: BackendWasm, tensor: TensorInfo): Int32Array {
  const { memoryOffset } = backend.dataIdMap.get(tensor.dataId)
  return new Int32Array(bytesOf(backend).buffer, memoryOffset, sizeOf(tensor.shape))
}
