import { mobilenetV1025 } from '@cnnkit/weights-mobilenet-v1-025'
import { createModel } from '@cnnkit/zoo'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { setFormulaWeights } from './formula-weights.ts'

/** Width 0.25 with the weights of Keras; without dropout, which would give each program another loss in training. */
export function cnnkitMobilenetV1025(): Promise<LayersModel> {
  return createModel('mobilenet_v1_025', { weights: mobilenetV1025, dropout: 0 })
}

/** Width 1 with weights by formula. */
export async function cnnkitMobilenetV1100(): Promise<LayersModel> {
  const model = await createModel('mobilenet_v1_100', { weights: null, dropout: 0 })
  setFormulaWeights(model)
  return model
}
