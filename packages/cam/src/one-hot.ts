import { cast, equal, expandDims, range, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core'

/**
 * 1 at each index and 0 elsewhere: `[n]`, int32, to `[n, depth]`, float32. TensorFlow.js' own refuses a depth of 1, and on
 * wasm writes the bits of the integer 1 where floats are asked for.
 */
export function oneHot(indices: Tensor1D, depth: number): Tensor2D {
  return cast(equal<Tensor2D>(expandDims(indices, 1), expandDims(range(0, depth, 1, 'int32'), 0)), 'float32')
}
