import { AddN, type TensorInfo } from '@tensorflow/tfjs-core'
import type { WebgpuKernel } from './kernel.ts'

/**
 * A sum of any number of tensors. TensorFlow.js' own binds a buffer for each, and the device refuses more than it has places for: eight,
 * the result among them, unless more are asked for.
 */
export const addN: WebgpuKernel = {
  kernelName: AddN,
  kernelFunc: ({ backend, inputs, attributes, stock }) => {
    const most = backend.device.limits.maxStorageBuffersPerShaderStage - 1
    const [...rest] = inputs as unknown as readonly TensorInfo[]
    const add = (terms: readonly TensorInfo[]): TensorInfo => stock!(terms as never, attributes) as TensorInfo
    let sum = add(rest.splice(0, most))
    while (rest.length > 0) {
      const before = sum
      sum = add([before, ...rest.splice(0, most - 1)])
      backend.disposeData(before.dataId)
    }
    return sum
  },
}
