import { layersFrom, stages, type Where } from '@cnnkit/layers'
import type { LayersModel } from '@tensorflow/tfjs-layers'

/**
 * Which part of a network is trained, as data. The rest is frozen, batch norm's statistics included.
 *
 * - `'as-is'`: nothing
 * - `'head'`: the classifier
 * - `'last-stage'`: the last stage and the classifier
 * - `'all'`: everything
 * - `{ from }`: everything from a place on: `{ from: 'stage4' }`, `{ from: { lastStages: 2 } }`, `{ from: { reduction: 16 } }`
 */
export type Policy =
  | 'as-is'
  | 'head'
  | 'last-stage'
  | 'all'
  | {
      /** The first stage, block or layer that is trained, and all after it. */
      readonly from: Where
    }

/**
 * Freezes what a policy does not train and thaws what it does.
 *
 * TensorFlow.js takes the list of trained weights at `compile`, so a model that was compiled before would go on training
 * by the old list. It is therefore uncompiled: `fit` then throws until `compile` is called again. cnnkit's own training
 * needs no `compile`.
 *
 * @throws `UNKNOWN_LAYER` when the network has no such place
 */
export function applyPolicy(model: LayersModel, policy: Policy): void {
  const trained = new Set(trainedLayers(model, policy))
  for (const layer of model.layers) layer.trainable = trained.has(layer)
  if (!model.optimizer) return
  model.optimizer.dispose()
  model.optimizer = null as unknown as typeof model.optimizer
}

function trainedLayers(model: LayersModel, policy: Policy): readonly LayersModel['layers'][number][] {
  if (policy === 'as-is') return []
  if (policy === 'all') return model.layers
  if (policy === 'head') return layersFrom(model, 'head')
  if (policy === 'last-stage') return layersFrom(model, { lastStages: 1 })
  return layersFrom(model, policy.from)
}

/** Names of the stages that a model trains as it stands: `['stage4', 'head']`. */
export function trainedStages(model: LayersModel): readonly string[] {
  return stages(model)
    .filter((stage) => stage.layers.some((layer) => layer.trainableWeights.length > 0))
    .map((stage) => stage.name)
}
