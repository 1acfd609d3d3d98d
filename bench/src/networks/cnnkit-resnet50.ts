import { applyPolicy } from '@cnnkit/transfer'
import { createModel } from '@cnnkit/zoo'
import type { LayersModel } from '@tensorflow/tfjs-layers'

/** ResNet-50 of which the last stage and the classifier are trained. */
export async function cnnkitResnet50LastStage(): Promise<LayersModel> {
  const model = await createModel('resnet50')
  applyPolicy(model, 'last-stage')
  return model
}
