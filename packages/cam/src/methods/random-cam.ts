import { mul, randomUniform, sum } from '@tensorflow/tfjs-core'
import { type MapFunction, type MapOptions, mapsBy } from '../procedure.ts'

/** Options of {@link randomCam}. */
export interface RandomCamOptions extends MapOptions {
  /** Makes the weights others; 1 unless given. */
  readonly seed?: number
}

/**
 * The baseline that a method must beat: channels weighed at random from -1 to 1, as in pytorch-grad-cam. It looks at the
 * layer, and at no class. The weights are the same for every picture.
 */
export const randomCam: MapFunction<RandomCamOptions> = mapsBy(({ seed = 1 }) => ({
  name: 'random',
  map: ({ activations }) => {
    const weights = randomUniform([1, 1, 1, activations.shape[3]], -1, 1, 'float32', seed)
    return sum(mul(activations, weights), 3)
  },
}))
