import { ClipByValue, Multiply, SquaredDifference, Step, Sub, type TensorInfo } from '@tensorflow/tfjs-core'
import { free, reshaped, tensorOf } from '../memory/heap.ts'
import { stock, type WasmKernel } from './stock.ts'

/** The name of the kernel for the gradient of clipping. */
export const ClipByValueGrad = 'ClipByValueGrad'
/** The name of the kernel for the gradient of ReLU6. */
export const Relu6Grad = 'Relu6Grad'

/** dy where min <= x <= max, else 0: less what falls on values that clipping moves. */
export const clipByValueGrad: WasmKernel = {
  kernelName: ClipByValueGrad,
  kernelFunc: ({ backend, inputs, attributes }) => {
    const { x, dy } = inputs as { x: TensorInfo; dy: TensorInfo }
    const clipped = stock(backend, ClipByValue, { x }, attributes)
    const moved = stock(backend, SquaredDifference, { a: x, b: clipped })
    const mask = stock(backend, Step, { x: moved }, { alpha: 0 })
    free(backend, clipped, moved)
    const outside = stock(backend, Multiply, { a: dy, b: mask })
    const dx = stock(backend, Sub, { a: dy, b: outside })
    free(backend, mask, outside)
    return reshaped(dx, x.shape)
  },
}

/** dy where 0 < x <= 6, else 0, as TensorFlow.js has it. */
export const relu6Grad: WasmKernel = {
  kernelName: Relu6Grad,
  kernelFunc: ({ backend, inputs }) => {
    const { x, dy } = inputs as { x: TensorInfo; dy: TensorInfo }
    const six = tensorOf(backend, [], new Float32Array([6]))
    const beyond = stock(backend, Sub, { a: x, b: six })
    const above = stock(backend, Step, { x: beyond }, { alpha: 0 })
    const positive = stock(backend, Step, { x }, { alpha: 0 })
    const mask = stock(backend, Sub, { a: positive, b: above })
    free(backend, six, beyond, above, positive)
    const dx = stock(backend, Multiply, { a: dy, b: mask })
    free(backend, mask)
    return reshaped(dx, x.shape)
  },
}
