import { stages } from '@cnnkit/layers'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { correspondences } from '../dialect.ts'
import type { ModelOptions } from '../model-options.ts'
import { architectureOf, type ModelName } from '../models.ts'
import { built } from './built.ts'

/** `[height, width, channels, reduction]` of the last grid of stem and stages, by their names. */
export function gridsOf(model: LayersModel): Readonly<Record<string, readonly (number | null | undefined)[]>> {
  const grids = stages(model).filter(({ name }) => name !== 'head')
  return Object.fromEntries(grids.map(({ name, output, reduction }) => [name, [...output.shape.slice(1), reduction]]))
}

/** The convolutions and dense layers: what papers count as layers. */
export function weightedLayers(model: LayersModel): LayersModel['layers'] {
  return model.layers.filter((layer) => /^(Conv2D|Dense)$/.test(layer.getClassName()))
}

/** What a dialect of a network calls the weights of one of its forms, in our order. */
export async function namesIn(
  dialect: string,
  name: ModelName,
  options: ModelOptions = {},
): Promise<readonly string[]> {
  const { dialects } = await architectureOf(name)
  const model = await built(name, options)
  const pairs = correspondences(model, dialects.find((candidate) => candidate.name === dialect)!)
  model.dispose()
  return pairs.map(({ theirs }) => theirs!)
}

/** The shape that a network's output has with some options. */
export async function outputShapeOf(name: ModelName, options: ModelOptions): Promise<LayersModel['outputShape']> {
  const model = await built(name, options)
  const shape = model.outputShape
  model.dispose()
  return shape
}
