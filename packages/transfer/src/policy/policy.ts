import { stages, type Where } from '@cnnkit/layers'
import type { LayersModel, layers } from '@tensorflow/tfjs-layers'
import { everyLayer, layersBehind } from './trained-layers.ts'

/**
 * Which part of a network is trained, as data. The rest is frozen, batch norm's statistics included.
 *
 * - `'as-is'`: nothing
 * - `'head'`: the classifier, the fully connected layers of AlexNet and VGG included where the head keeps them
 * - `'last-stage'`: the last stage and the classifier
 * - `'all'`: everything
 * - `{ from }`: everything from a place on: `{ from: 'stage4' }`, `{ from: { lastStages: 2 } }`, `{ from: { reduction: 16 } }`
 * - `{ gradual }`: the head at first, then a stage more every few epochs, from the end
 *
 * An auxiliary head is trained where what it branches off from is: it is there for the gradients that it sends below.
 */
export type Policy =
  | 'as-is'
  | 'head'
  | 'last-stage'
  | 'all'
  | {
      /** The first stage, block or layer that is trained, and all its values flow into. */
      readonly from: Where
    }
  | {
      /** Unfreezing step by step (Howard and Ruder 2018, section 3.3). */
      readonly gradual: GradualUnfreezing
    }

/** How stages thaw while a run goes on. */
export interface GradualUnfreezing {
  /** Epochs until the next stage thaws. */
  readonly every: number
  /** The first stage, from the network's input, that ever thaws: `'stage3'`; all do unless given. */
  readonly until?: string
}

type Layer = layers.Layer

/**
 * Freezes what a policy does not train and thaws what it does.
 *
 * TensorFlow.js takes the list of trained weights at `compile`, so a model that was compiled before would go on training
 * by the old list. It is therefore uncompiled: `fit` then throws until `compile` is called again. cnnkit's own training
 * needs no `compile`.
 *
 * @param epoch which epoch of a gradual policy, from 0
 * @throws `UNKNOWN_LAYER` when the network has no such place
 */
export function applyPolicy(model: LayersModel, policy: Policy, epoch = 0): void {
  const trained = trainedLayers(model, policy, epoch)
  const all = everyLayer(model)
  // A model inside the network says whether any of its layers may train: yes, then each says so for itself.
  for (const layer of model.layers) if (!all.has(layer)) layer.trainable = true
  for (const layer of all) layer.trainable = trained.has(layer)
  if (!model.optimizer) return
  model.optimizer.dispose()
  model.optimizer = null as unknown as typeof model.optimizer
}

/** The epoch, from 0, from which a policy trains each layer, by the layer's name; those that it never trains are left out. */
export function thawEpochs(model: LayersModel, policy: Policy, epochs: number): ReadonlyMap<string, number> {
  const result = new Map<string, number>()
  const changes = typeof policy === 'object' && 'gradual' in policy ? epochs : 1
  for (let epoch = 0; epoch < changes; epoch++) {
    for (const { name } of trainedLayers(model, policy, epoch)) if (!result.has(name)) result.set(name, epoch)
  }
  return result
}

/** Names of the stages that a model trains as it stands: `['stage4', 'head']`. */
export function trainedStages(model: LayersModel): readonly string[] {
  return stages(model)
    .filter((stage) => stage.layers.some((layer) => layer.trainableWeights.length > 0))
    .map((stage) => stage.name)
}

function trainedLayers(model: LayersModel, policy: Policy, epoch: number): ReadonlySet<Layer> {
  if (policy === 'as-is') return new Set()
  if (policy === 'all') return everyLayer(model)
  if (policy === 'head') return layersBehind(model, 'head')
  if (policy === 'last-stage') return layersBehind(model, { lastStages: 1 })
  if ('from' in policy) return layersBehind(model, policy.from)
  return layersBehind(model, firstThawed(model, policy.gradual, epoch))
}

function firstThawed(model: LayersModel, { every, until }: GradualUnfreezing, epoch: number): string {
  const names = stages(model).map(({ name }) => name)
  const last = until === undefined ? 0 : names.indexOf(until)
  if (last === -1) return until! // no stage of that name: layersBehind says which there are
  return names[Math.max(last, names.length - 1 - Math.floor(epoch / every))]!
}
