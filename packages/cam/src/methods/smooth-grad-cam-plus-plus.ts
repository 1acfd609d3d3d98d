import {
  add,
  addN,
  dispose,
  div,
  max,
  min,
  mul,
  randomNormal,
  stack,
  sub,
  sum,
  type Tensor,
  type Tensor3D,
  type Tensor4D,
  tidy,
  unstack,
} from '@tensorflow/tfjs-core'
import { type MapFunction, type MapOptions, mapsBy } from '../procedure.ts'
import { plusPlusWeights } from './grad-cam-plus-plus.ts'
import { type BatchOptions, checkCount, inBatches } from './in-batches.ts'

/** Options of {@link smoothGradCamPlusPlus}. */
export interface SmoothGradCamOptions extends MapOptions, Omit<BatchOptions, 'batchSize'> {
  /** How many noisy versions of the pictures are looked at; 8 unless given. */
  readonly samples?: number
  /** Standard deviation of the noise as a share of the input's range, lowest to highest; 0.15 unless given. */
  readonly noise?: number
  /** Makes the noise another; 1 unless given. */
  readonly seed?: number
}

/**
 * Smooth Grad-CAM++ (Omeiza et al. 2019, "Smooth Grad-CAM++: an enhanced inference level visualization technique for deep
 * convolutional neural network models", section 3): Grad-CAM++ by the means of the gradient and of its powers over noisy versions of
 * the picture. The noise is SmoothGrad's (Smilkov et al. 2017); the activations are the picture's own.
 */
export const smoothGradCamPlusPlus: MapFunction<SmoothGradCamOptions> = mapsBy((options) => ({
  name: 'smooth-grad-cam++',
  mapInBatches: async (evidence) => {
    const { samples = 8, noise = 0.15, seed = 1 } = options
    checkCount('samples', samples)
    const made = await inBatches(1, samples, { ...options, batchSize: 1 }, (_, sample) => {
      const { gradients } = evidence.gradientsOf(noisy(evidence.inputs, noise, seed + sample))
      const second = mul(gradients, gradients)
      return stack([gradients, second, mul(second, gradients)])
    })
    const map = tidy(() => {
      const [first, second, third] = unstack(div(addN([...made]), samples)) as [Tensor, Tensor, Tensor]
      return sum<Tensor3D>(mul(evidence.activations, plusPlusWeights(evidence.activations, first, second, third)), 3)
    })
    dispose([...made])
    return map
  },
}))

function noisy(inputs: Tensor4D, noise: number, seed: number): Tensor4D {
  const range = sub(max(inputs, [1, 2, 3], true), min(inputs, [1, 2, 3], true))
  return add(inputs, mul(randomNormal(inputs.shape, 0, noise, 'float32', seed), range))
}
