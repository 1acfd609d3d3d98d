import { type ImageSource, preprocess } from '@cnnkit/images'
import { cardOf, endpoint, fusedStretch, fusedUpTo, inputsOf, runStretch, type Stretch, stretch } from '@cnnkit/layers'
import { mean, reshape, type Tensor, type Tensor2D, tidy } from '@tensorflow/tfjs-core'
import { type LayersModel, model as layersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers'

/** Options of {@link embed}. */
export interface EmbedOptions {
  /**
   * The path whose output is the vector: a grid is averaged over its pixels, anything else flattened. Unless given, what the
   * classifier takes: the pooled last grid of most networks, fc7 of AlexNet and VGG, and of SqueezeNet, which classifies
   * before it pools, the mean of the last grid. Without a top it is the network's output.
   */
  readonly layer?: string
  /** Whether the network's fused form is run, as `classify` has it; `true` unless given. */
  readonly fused?: boolean
}

/**
 * Pictures as vectors, from any part of a network, with its top or without. Near vectors are alike pictures.
 *
 * @returns `[batch, channels]` (2048 for ResNet-50, 4096 for VGG-16); the caller disposes it
 * @throws `NO_CARD` for a model without a card, `UNKNOWN_LAYER` for a path that the network does not have
 */
export function embed(
  model: LayersModel,
  images: ImageSource | readonly ImageSource[],
  { layer, fused = true }: EmbedOptions = {},
): Tensor2D {
  const card = cardOf(model)
  const end = layer === undefined ? beforeClassifier(model) : endpoint(model, layer)
  const section = fused ? fusedSection(model, end) : stretch(model, model.inputs[0]!, end)
  return tidy(() => asVectors(runStretch(section, preprocess(images, card.preprocessing))))
}

/**
 * A model that hands on several of a network's grids at once, by path: `features(model, ['stage2', 'stage4'])`. It shares
 * the network's layers and weights, so disposing either disposes both.
 */
export function features(model: LayersModel, paths: readonly string[]): LayersModel {
  return layersModel({ inputs: model.inputs, outputs: paths.map((path) => endpoint(model, path)) })
}

/** A part of the fused form that `classify` runs too; one of its own for a tensor that fusing does away with there. */
function fusedSection(model: LayersModel, end: SymbolicTensor): Stretch {
  return fusedUpTo(model, end) ?? fusedStretch(model, stretch(model, model.inputs[0]!, end))
}

/** What the layer that knows the classes takes, or what a model without one hands on. */
function beforeClassifier(model: LayersModel): SymbolicTensor {
  const classifier = model.layers.find(({ name }) => name === 'head.logits')
  return classifier ? inputsOf(classifier)[0]! : model.outputs[0]!
}

function asVectors(values: Tensor): Tensor2D {
  if (values.rank === 4) return mean(values, [1, 2])
  return reshape(values, [values.shape[0]!, -1])
}
