import { type LayersModel, model as layersModel } from '@tensorflow/tfjs-layers'
import { auxiliaryHeads } from './forward.ts'

/**
 * A network for inference, without the auxiliary heads that helped to train it. It takes over the layers of the given one, which is used
 * up: dispose the new one only. A model that has none is given back as it is.
 */
export function withoutAuxiliary(model: LayersModel): LayersModel {
  if (auxiliaryHeads(model).length === 0) return model
  const result = layersModel({ inputs: model.inputs, outputs: model.outputs[0]!, name: model.name })
  // `model.dispose()` would take the shared layers along: layers count where they are applied, not their models.
  for (const layer of model.layers) if (!result.layers.includes(layer)) layer.dispose()
  const metadata = model.getUserDefinedMetadata()
  if (metadata) result.setUserDefinedMetadata(metadata)
  return result
}
