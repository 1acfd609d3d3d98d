import { type Preprocessing, setCard } from '@cnnkit/layers'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { Architecture } from './architecture.ts'
import { type BuildPlan, inputShapeOf } from './build-network.ts'
import type { ModelOptions } from './model-options.ts'

/** Gives a network its card: what its weights, else its flavor, else the architecture says of the pictures it takes. */
export function cardFor(
  model: LayersModel,
  architecture: Architecture,
  options: ModelOptions,
  made: BuildPlan & { readonly headLoaded?: boolean },
): void {
  const { flavor, record, headLoaded = false } = made
  setCard(model, {
    version: 1,
    architecture: architecture.name,
    flavor: flavor.name,
    preprocessing: preprocessingFor(architecture, options, made),
    labels: headLoaded && record ? record.labels : null,
    weights: record ? { tag: record.tag, licence: record.licence, source: record.publisher } : null,
  })
}

function preprocessingFor(architecture: Architecture, options: ModelOptions, plan: BuildPlan): Preprocessing {
  const { flavor, record } = plan
  const preprocessing = record?.preprocessing ?? flavor.preprocessing ?? architecture.preprocessing
  const [height, width, channels] = inputShapeOf(architecture, options, plan)
  const [usualHeight, usualWidth] = preprocessing.size
  const size = [height ?? usualHeight, width ?? usualWidth] as const
  if (channels === 3 || channels === null) return { ...preprocessing, size }
  // What holds of red, green and blue on average holds of any other channel.
  const everywhere = (values: readonly number[]): number[] => Array(channels).fill(mean(values))
  const { mean: means, std } = preprocessing
  return { ...preprocessing, size, channelOrder: 'rgb', mean: everywhere(means), std: everywhere(std) }
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
