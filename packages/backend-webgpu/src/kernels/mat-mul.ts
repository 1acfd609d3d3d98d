import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import { _FusedMatMul, BatchMatMul, env, type TensorInfo, util } from '@tensorflow/tfjs-core'
import type { WebgpuKernel } from './kernel.ts'

/** Which of its programs TensorFlow.js multiplies by; it chooses while this is -1. */
const chosen = 'WEBGPU_MATMUL_PROGRAM_TYPE'
/** The program of small tiles for few results. */
const smallTiles = 2

/**
 * Products with the right side transposed, as the gradient of a dense layer for its input. For few results of at least 2000 products each TensorFlow.js'
 * own splits the sum among threads, and that program reads a transposed right side as if it weren't: such products go by its small tiles.
 */
export const matMul: WebgpuKernel = product(BatchMatMul)

/** The same with bias and activation. */
export const fusedMatMul: WebgpuKernel = product(_FusedMatMul)

function product(kernelName: typeof BatchMatMul | typeof _FusedMatMul): WebgpuKernel {
  return {
    kernelName,
    kernelFunc: ({ backend, inputs, attributes, stock }) => {
      const { a, b } = inputs as { a: TensorInfo; b: TensorInfo }
      if (!attributes.transposeB || !isFew(backend, a, b, attributes.transposeA === true))
        return stock!(inputs, attributes)
      const before = env().getNumber(chosen)
      env().set(chosen, smallTiles)
      try {
        return stock!(inputs, attributes)
      } finally {
        env().set(chosen, before)
      }
    },
  }
}

/** Whether TensorFlow.js may take anything but its large tiles, which are right. */
function isFew(backend: WebGPUBackend, a: TensorInfo, b: TensorInfo, transposeA: boolean): boolean {
  const [rows, columns] = [a.shape.at(transposeA ? -1 : -2)!, b.shape.at(-2)!]
  const batch = util.sizeFromShape(a.shape.slice(0, -2))
  const tiles = batch * Math.ceil(rows / 32) * Math.ceil(columns / 32)
  const { thresholdToIncreaseWorkgroups } = backend as unknown as { thresholdToIncreaseWorkgroups: number }
  return b.shape.at(-1)! >= 2000 && tiles <= 2 * thresholdToIncreaseWorkgroups
}
