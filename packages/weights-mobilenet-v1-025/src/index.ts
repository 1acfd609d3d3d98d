import type { EmbeddedWeights } from './embedded-weights.ts'
import { byteLength, manifest, sha256 } from './manifest.ts'

export type { EmbeddedWeights, WeightsEntry, WeightsGroup } from './embedded-weights.ts'

/**
 * MobileNet v1, width 0.25, 224x224 pixels, with the ImageNet weights of Keras and its 1000-class top: 137 tensors,
 * 475,544 float32 values, 1.9 MB. Input: RGB in [-1, 1] (the mode that Keras calls `tf`).
 *
 * Source: Howard et al. 2017, https://arxiv.org/abs/1704.04861, trained by Google, published with Keras.
 */
export const mobilenetV1025: EmbeddedWeights = {
  tag: 'mobilenet_v1_025.keras-in1k',
  format: 'tfjs',
  manifest,
  bytes: new URL('../weights/weights.bin', import.meta.url),
  byteLength,
  sha256,
  licence: 'MIT AND Apache-2.0',
  source:
    'https://github.com/giangndonaclover/ILearnMachineLearning.js/tree/edfa5df8c3c9b2dc2f4b471d30a326b2f1ba090b/models/mobilenet',
}
