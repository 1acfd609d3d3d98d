import { CnnkitError } from '@cnnkit/errors'
import { type ImageSource, preprocess } from '@cnnkit/images'
import { cardOf, endpoint, outputOf, runStretch, stretch } from '@cnnkit/layers'
import { type Tensor2D, tidy } from '@tensorflow/tfjs-core'
import { type LayersModel, model as layersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers'

/**
 * Pictures as vectors: what the network hands its classifier (the pooled last grid). Near vectors are alike pictures.
 *
 * @returns `[batch, channels]` (2048 for ResNet-50); the caller disposes it
 * @throws `NO_CARD` for a model without a card, `NO_EMBEDDING` for one that neither pools nor classifies
 */
export function embed(model: LayersModel, images: ImageSource | readonly ImageSource[]): Tensor2D {
  const card = cardOf(model)
  const section = stretch(model, model.inputs[0]!, embedding(model))
  return tidy(() => runStretch(section, preprocess(images, card.preprocessing)) as Tensor2D)
}

/**
 * A model that hands on several of a network's grids at once, by path: `features(model, ['stage2', 'stage4'])`. It shares
 * the network's layers and weights, so disposing either disposes both.
 */
export function features(model: LayersModel, paths: readonly string[]): LayersModel {
  return layersModel({ inputs: model.inputs, outputs: paths.map((path) => endpoint(model, path)) })
}

function embedding(model: LayersModel): SymbolicTensor {
  const pool = model.layers.find((layer) => layer.name === 'head.pool')
  if (pool) return outputOf(pool)
  throw new CnnkitError(
    'zoo',
    'NO_EMBEDDING',
    `${model.name} does not pool its last grid to a vector. Make it with \`pooling: 'avg'\`.`,
  )
}
