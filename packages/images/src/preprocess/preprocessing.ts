import { CnnkitError } from '@cnnkit/errors'

/**
 * How a picture becomes what a network was trained to see; plain data, as it stands in a model's card:
 * scale, crop the centre, then `(x - mean) / std` on 0 to 255 for each channel.
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
  /** The order of the channels that the network takes; means nothing for one channel. */
  readonly channelOrder: 'rgb' | 'bgr'
  /** Subtracted from each channel, in the network's order; its length is the number of channels. */
  readonly mean: readonly number[]
  /** Each channel is divided by it after the mean is subtracted. */
  readonly std: readonly number[]
}

/** The part of a {@link Preprocessing} that touches values. Its modes bear Keras Applications' names. */
export type Normalization = Pick<Preprocessing, 'channelOrder' | 'mean' | 'std'>

/** BGR less the ImageNet mean, not scaled: Keras' ResNet v1 and VGG, as Caffe trained them. */
export const caffe: Normalization = { channelOrder: 'bgr', mean: [103.939, 116.779, 123.68], std: [1, 1, 1] }

/** RGB in [-1, 1]: `x / 127.5 - 1`. Keras' MobileNet, Inception, Xception, NASNet and ResNet v2. */
export const tf: Normalization = { channelOrder: 'rgb', mean: [127.5, 127.5, 127.5], std: [127.5, 127.5, 127.5] }

/** RGB in [0, 1], less ImageNet's mean, by its deviation: torchvision, timm, and Keras' DenseNet. */
export const torch: Normalization = {
  channelOrder: 'rgb',
  mean: [0.485 * 255, 0.456 * 255, 0.406 * 255],
  std: [0.229 * 255, 0.224 * 255, 0.225 * 255],
}

/** RGB as it is, 0 to 255: networks that hold their own rescaling. */
export const raw: Normalization = { channelOrder: 'rgb', mean: [0, 0, 0], std: [1, 1, 1] }

/** Throws `INVALID_PREPROCESSING` for a size, a crop or a normalisation that cannot be meant. */
export function checkPreprocessing(preprocessing: Preprocessing): void {
  const fault = faultOf(preprocessing)
  if (fault) throw new CnnkitError('images', 'INVALID_PREPROCESSING', fault)
}

function faultOf({ size, cropFraction, channelOrder, mean, std }: Preprocessing): string | undefined {
  if (size.length !== 2 || !size.every((side) => Number.isInteger(side) && side > 0)) {
    return `The size must be [height, width] in whole pixels, not [${size.join(', ')}].`
  }
  if (!(cropFraction > 0 && cropFraction <= 1)) {
    return `cropFraction is ${cropFraction}: it must be above 0 and at most 1, where 1 crops nothing of the short side.`
  }
  if (mean.length === 0 || mean.length !== std.length) {
    return `mean has ${mean.length} entries and std ${std.length}: give both one for each channel.`
  }
  if (!mean.every(Number.isFinite) || !std.every((deviation) => Number.isFinite(deviation) && deviation !== 0)) {
    return `mean [${mean.join(', ')}] and std [${std.join(', ')}] must be numbers, and std not zero.`
  }
  if (channelOrder === 'bgr' && mean.length !== 3) {
    return `channelOrder "bgr" needs three channels, but mean has ${mean.length} entries.`
  }
  return undefined
}
