import { CnnkitError } from '@cnnkit/errors'
import type { LayersModel } from '@tensorflow/tfjs-layers'

/**
 * How a picture becomes what the network was trained to see; plain data, as `preprocess` of `@cnnkit/images` takes it.
 */
export interface Preprocessing {
  /** Height and width of the network's input, in pixels. */
  readonly size: readonly [height: number, width: number]
  /** `short-side`: scaled so that the short side fits, then the centre is cropped; `stretch`: scaled to size, ratio lost. */
  readonly resize: 'short-side' | 'stretch'
  /** Side of the crop over the scaled short side: 0.875 scales the short side to 256 for a crop of 224. */
  readonly cropFraction: number
  /** The filter that scales, antialiased as in PIL. */
  readonly filter: 'nearest' | 'bilinear' | 'bicubic'
  /** The order of the channels that the network takes. */
  readonly channelOrder: 'rgb' | 'bgr'
  /** Subtracted from each channel, in the network's order; pixels are 0 to 255. */
  readonly mean: readonly number[]
  /** Each channel is divided by it after the mean is subtracted. */
  readonly std: readonly number[]
}

/** Where a model's weights come from. */
export interface CardWeights {
  /** The tag they are known by: `keras-in1k`. */
  readonly tag: string
  /** SPDX identifier of their licence, or what the publisher says. */
  readonly licence: string
  /** Where they were published. */
  readonly source: string
}

/**
 * What a model says of itself. It rides along as the model's user-defined metadata, so it is saved and loaded with it:
 * a fine-tuned model in another program still crops, scales and names its classes rightly.
 */
export interface Card {
  /** Version of this form. */
  readonly version: 1
  /** The model's name: `resnet50`. */
  readonly architecture: string
  /** Which published form of it: `keras`, `torchvision`, ... */
  readonly flavor: string
  /** What is done to a picture before the network sees it. */
  readonly preprocessing: Preprocessing
  /** The names of the classes in the order of the outputs, or the name of a list that a package holds; `null` without a top. */
  readonly labels: readonly string[] | 'imagenet-1k' | null
  /**
   * What the outputs are: probabilities of classes of which one is true (unless given), of `tags` of which any number may be, or
   * `values`, quantities as they are. `labels` names them in each case.
   */
  readonly outputs?: 'classes' | 'tags' | 'values'
  /** What the weights started from; `null` when the network was initialised afresh. */
  readonly weights: CardWeights | null
}

const KEY = 'cnnkit'

/** The card of a model. Throws `NO_CARD` for a model that no cnnkit package made. */
export function cardOf(model: LayersModel): Card {
  const metadata = model.getUserDefinedMetadata() as Record<string, unknown> | undefined
  const card = metadata?.[KEY] as Card | undefined
  if (card?.version === 1) return card
  throw new CnnkitError(
    'layers',
    'NO_CARD',
    `The model "${model.name}" carries no card, so its preprocessing and labels are unknown. Make it with createModel or loadModel, or call setCard(model, card).`,
  )
}

/** Gives a model its card, in place of the one it may have; other metadata stays. */
export function setCard(model: LayersModel, card: Card): void {
  model.setUserDefinedMetadata({ ...model.getUserDefinedMetadata(), [KEY]: card })
}
