import { CnnkitError } from '@cnnkit/errors'
import { layersAt, stages } from '@cnnkit/layers'
import type { LayersModel } from '@tensorflow/tfjs-layers'

/**
 * Learning rates by stage, as factors on the recipe's rate ("discriminative fine-tuning").
 *
 * - a factor for each path: `{ head: 1, stage4: 0.3, stage3: 0.1 }`; the longest path that a layer stands under counts, and a layer
 *   under none has 1
 * - `{ decay: 2.6 }`: each stage has the next one's factor divided by it, from 1 at the head (Howard and Ruder 2018, section 3.2)
 */
export type StageRates = Readonly<Record<string, number>>

/**
 * The factor on the learning rate of each layer, by its name. Auxiliary heads have the head's.
 *
 * @throws `UNKNOWN_LAYER` for a path that the network does not have, `BAD_RATE` for a factor that is no number of at least 0
 */
export function rateFactors(model: LayersModel, rates: StageRates): (layerName: string) => number {
  const factors = rates.decay === undefined ? rates : decaying(model, rates.decay)
  for (const [path, factor] of Object.entries(factors)) {
    layersAt(model, path)
    if (factor >= 0 && Number.isFinite(factor)) continue
    throw new CnnkitError(
      'transfer',
      'BAD_RATE',
      `The rate of "${path}" is ${factor}. Give a factor on the learning rate: 0 or more, 1 for the full rate.`,
    )
  }
  const longestFirst = Object.keys(factors).sort((a, b) => b.length - a.length)
  return (name) => {
    const path = longestFirst.find((prefix) => name === prefix || name.startsWith(`${prefix}.`))
    return path === undefined ? 1 : factors[path]!
  }
}

function decaying(model: LayersModel, decay: number): StageRates {
  const names = stages(model).map(({ name }) => name)
  return Object.fromEntries(names.map((name, i) => [name, decay ** (i - names.length + 1)]))
}
