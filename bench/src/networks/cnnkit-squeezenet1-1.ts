import { createModel } from '@cnnkit/zoo'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { setFormulaWeights } from './formula-weights.ts'

/** SqueezeNet 1.1 with weights by formula: a network without norms. */
export async function cnnkitSqueezenet11(): Promise<LayersModel> {
  const model = await createModel('squeezenet1_1', { weights: null, dropout: 0 })
  setFormulaWeights(model)
  return model
}
