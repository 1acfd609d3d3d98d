import { randomUniform, type Tensor } from '@tensorflow/tfjs-core'

/** The same values in every process, in [-1, 1]. */
export function noise(shape: readonly number[], seed: number): Tensor {
  return randomUniform([...shape], -1, 1, 'float32', seed)
}
