import { mean, mul, sum } from '@tensorflow/tfjs-core'
import { type MapFunction, mapsBy } from '../procedure.ts'

/**
 * Grad-CAM (Selvaraju et al. 2016, "Grad-CAM: visual explanations from deep networks via gradient-based localization",
 * equations 1 and 2): where a network looked when it found a class. A channel counts as much as the score's gradient on it
 * does on average over the grid.
 *
 * ```ts
 * const map = await gradCam(model, picture, { target: 281 })
 * const shown = overlay(picture, map)
 * ```
 */
export const gradCam: MapFunction = mapsBy(() => ({
  name: 'grad-cam',
  map: ({ activations, gradients }) => sum(mul(activations, mean(gradients(), [1, 2], true)), 3),
}))
