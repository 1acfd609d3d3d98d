import { ArgMax, type TensorInfo } from '@tensorflow/tfjs-core'
import type { WebgpuKernel } from './kernel.ts'

/** Where the largest value lies. Of a vector TensorFlow.js' own gives `[1]` in place of a scalar. */
export const argMax: WebgpuKernel = {
  kernelName: ArgMax,
  kernelFunc: ({ inputs, attributes, stock }) => {
    const found = stock!(inputs, attributes) as TensorInfo
    return inputs.x!.shape.length === 1 ? { ...found, shape: [] } : found
  },
}
