import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { _FusedMatMul, BatchMatMul, type TensorInfo } from '@tensorflow/tfjs-core'
import { withAlias } from '../memory/alias.ts'
import { offsetOf, reshaped, sizeOf } from '../memory/heap.ts'
import { product } from './product.ts'
import { stock, type WasmKernel } from './stock.ts'

/**
 * The matrix product with a side transposed, as in the gradients of a dense layer, at the speed of the one without, where
 * TensorFlow.js' own takes ten times as long. Batches of matrices are left to it.
 */
export const matMul: WasmKernel = {
  kernelName: BatchMatMul,
  kernelFunc: ({ backend, inputs, attributes }) => {
    const { a, b } = inputs as { a: TensorInfo; b: TensorInfo }
    const { transposeA, transposeB } = attributes as { transposeA: boolean; transposeB: boolean }
    const [batchA, left] = split(a.shape)
    const [batchB, right] = split(b.shape)
    const floats = a.dtype === 'float32' && b.dtype === 'float32'
    const single = sizeOf(batchA) * sizeOf(batchB) === 1 && sizeOf(left) * sizeOf(right) > 0
    if (!single || !floats || !(transposeA || transposeB)) {
      return packed(backend, b, (own) => stock(backend, BatchMatMul, { a, b: own }, attributes))
    }
    const result = product(backend, reshaped(a, left), reshaped(b, right), transposeA, transposeB)
    return reshaped(result, [...(batchA.length > batchB.length ? batchA : batchB), ...result.shape])
  },
}

/** TensorFlow.js' own product with bias and activation, kept from the fault that {@link packed} describes. */
export const fusedMatMul: WasmKernel = {
  kernelName: _FusedMatMul,
  kernelFunc: ({ backend, inputs, attributes }) =>
    packed(backend, inputs.b!, (own) => stock(backend, _FusedMatMul, { ...inputs, b: own }, attributes)),
}

function split(shape: readonly number[]): [number[], [number, number]] {
  return [shape.slice(0, -2), shape.slice(-2) as [number, number]]
}

const packings = new WeakMap<object, string>()

/**
 * Runs with the right side of a product. XNNPACK's packing of it is cached by the identity of the data, whatever shape
 * they had at first: the same data under another shape would be multiplied as if it had that one. So they go under an
 * identity of their own.
 */
function packed(backend: BackendWasm, right: TensorInfo, run: (right: TensorInfo) => TensorInfo): TensorInfo {
  const shape = right.shape.slice(-2).join()
  const known = packings.get(right.dataId)
  if (known === undefined) packings.set(right.dataId, shape)
  if (known === undefined || known === shape || right.dtype !== 'float32') return run(right)
  return withAlias(backend, right.shape, offsetOf(backend, right), run)
}
