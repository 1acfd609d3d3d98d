import type { ImageSource } from '@cnnkit/images'
import { mean, mul, sum, type Tensor2D } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { ActivationMap } from '../activation-map.ts'
import { type MapOptions, type Method, mapOf } from '../procedure.ts'

/** A channel counts as much as the target's gradient on it does on average over the grid. */
const weightByMeanGradient: Method = ({ activations, gradients }) =>
  sum<Tensor2D>(mul(activations, mean(gradients, [0, 1])), 2)

/**
 * Grad-CAM (Selvaraju et al. 2016, "Grad-CAM: visual explanations from deep networks via gradient-based localization",
 * equations 1 and 2): where a network looked when it found a class.
 *
 * ```ts
 * const map = await gradCam(model, picture, { target: 281 })
 * const shown = overlay(picture, map)
 * ```
 *
 * @throws `UNKNOWN_LAYER`, `NOT_A_GRID`, `NO_STAGES`, `UNKNOWN_CLASS`, `NO_LOGITS`, `NO_CARD`
 */
export function gradCam(model: LayersModel, image: ImageSource, options?: MapOptions): Promise<ActivationMap> {
  return mapOf('grad-cam', weightByMeanGradient, model, image, options)
}
