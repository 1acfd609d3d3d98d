import type { LayersModel, layers } from '@tensorflow/tfjs-layers'
import type { Move, OptimizerSpec } from '../optimizers/optimizer.ts'
import { rateFactors } from '../policy/rates.ts'
import type { Recipe } from '../recipes/recipe.ts'

type LayerVariable = layers.Layer['weights'][number]

/** What is trained of some layers, in their order, and how fast it goes at a learning rate of 1. */
export function movesOf(
  model: LayersModel,
  all: readonly layers.Layer[],
  recipe: Recipe,
  thawedAfter: (layerName: string) => number = () => 0,
): readonly { readonly weight: LayerVariable; readonly move: Move }[] {
  const rateOf = recipe.rates ? rateFactors(model, recipe.rates) : bodyRate(recipe)
  return all.flatMap((layer) =>
    layer.trainableWeights.map((weight) => ({
      weight,
      move: {
        rate: rateOf(layer.name),
        weightDecay: weightDecayOf(recipe.optimizer, weight),
        since: thawedAfter(layer.name),
      },
    })),
  )
}

const bodyRate =
  ({ bodyRate: rate = 1 }: Recipe) =>
  (name: string): number =>
    /^(head|aux\d+)\./.test(name) ? 1 : rate

function weightDecayOf({ weightDecay = 0, decayed = 'kernels' }: OptimizerSpec, weight: LayerVariable): number {
  if (decayed === 'all') return weightDecay
  if (weight.shape.length < 2) return 0
  return decayed === 'kernels-but-depthwise' && /depthwise_kernel/.test(weight.originalName) ? 0 : weightDecay
}
