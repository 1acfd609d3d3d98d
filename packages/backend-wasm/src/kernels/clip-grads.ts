import { ClipByValueGrad, Relu6Grad } from '@cnnkit/kernels'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { ClipByValue, Multiply, SquaredDifference, Step, Sub, type TensorInfo } from '@tensorflow/tfjs-core'
import { cached, inChunks } from '../memory/chunks.ts'
import { free, reshaped, sizeOf, tensorOf } from '../memory/heap.ts'
import { nativeOf } from './native.ts'
import { stock, type WasmKernel } from './stock.ts'

/** dy where min <= x <= max, else 0: dy less what falls on values that clipping moves. */
export const clipByValueGrad: WasmKernel = {
  kernelName: ClipByValueGrad,
  kernelFunc: ({ backend, inputs, attributes }) =>
    pieceByPiece(backend, inputs as unknown as Inputs, (x, dy, dx) => {
      const clipped = stock(backend, ClipByValue, { x }, attributes)
      const moved = stock(backend, SquaredDifference, { a: x, b: clipped })
      const mask = stock(backend, Step, { x: moved }, { alpha: 0 })
      const outside = stock(backend, Multiply, { a: dy, b: mask })
      nativeOf(backend).sub(dy, outside, dx)
      free(backend, clipped, moved, mask, outside)
    }),
}

/** dy where 0 < y < 6, else 0, with y what ReLU6 gave. */
export const relu6Grad: WasmKernel = {
  kernelName: Relu6Grad,
  kernelFunc: ({ backend, inputs }) => {
    const six = tensorOf(backend, [], new Float32Array([6]))
    const result = pieceByPiece(backend, { x: inputs.y!, dy: inputs.dy! }, (y, dy, dx) => {
      const room = stock(backend, Sub, { a: six, b: y })
      const below = stock(backend, Step, { x: room }, { alpha: 0 })
      const above = stock(backend, Step, { x: y }, { alpha: 0 })
      const mask = stock(backend, Multiply, { a: above, b: below })
      nativeOf(backend).multiply(dy, mask, dx)
      free(backend, room, below, above, mask)
    })
    free(backend, six)
    return result
  },
}

interface Inputs {
  readonly x: TensorInfo
  readonly dy: TensorInfo
}

function pieceByPiece(
  backend: BackendWasm,
  { x, dy }: Inputs,
  run: (x: TensorInfo, dy: TensorInfo, dx: TensorInfo) => void,
): TensorInfo {
  const dx = backend.makeOutput(x.shape, 'float32')
  const flat = ([x, dy, dx]: TensorInfo[]): void => {
    const shape = [x!.shape[0]!]
    run(reshaped(x!, shape), reshaped(dy!, shape), reshaped(dx!, shape))
  }
  inChunks(backend, [x, dy, dx], [sizeOf(x.shape), 1], flat, cached)
  return dx
}
