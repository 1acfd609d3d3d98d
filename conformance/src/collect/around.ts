import { mapMethods } from '@cnnkit/cam'
import { fineTuneRecipe, oneCycleRecipe, paperRecipes, type Recipe, scratchRecipe } from '@cnnkit/transfer'
import { dispose, oneHot, type Rank, type Tensor, tensor1d, zeros } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { Collected } from './zoo.ts'
import { built, collected, trainStep } from './zoo.ts'

/** Optimizers of TensorFlow.js' own, which plain `fit` takes. */
const optimizers = ['sgd', 'rmsprop', 'adam', 'adamax', 'adagrad', 'adadelta'] as const

/**
 * What stands around a network, collected on a small one: each rule and recipe of `@cnnkit/transfer`, plain TensorFlow.js' `trainOnBatch`
 * with each optimizer, and all methods of `@cnnkit/cam`.
 */
export async function collectAround(): Promise<readonly Collected[]> {
  const form = { network: 'resnet20_cifar', flavor: 'paper' } as const
  const model = await built(form)
  const x = zeros<Rank.R4>([2, ...(model.inputs[0]!.shape.slice(1) as [number, number, number])])
  const all: Collected[] = []
  const recipes: Recipe[] = [fineTuneRecipe, scratchRecipe, oneCycleRecipe, ...Object.values(paperRecipes)]
  for (const recipe of recipes) all.push(await collected(form, 'train', model, () => trainStep(model, recipe)))
  for (const name of optimizers) all.push(await collected(form, 'train', model, () => plainStep(model, x, name)))
  for (const { map } of Object.values(mapMethods)) {
    const brief = { target: 1, samples: 2, channels: 2 }
    all.push(await collected(form, 'map', model, () => map(model, x, brief as object)))
  }
  model.dispose()
  x.dispose()
  return all
}

async function plainStep(model: LayersModel, x: Tensor, optimizer: (typeof optimizers)[number]): Promise<void> {
  model.compile({ optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy'] })
  const named = tensor1d([0, 1], 'int32')
  const y = oneHot(named, 10)
  await model.trainOnBatch(x, y)
  dispose([named, y])
  model.optimizer.dispose()
}
