// DeVries and Taylor 2017, "Improved Regularization of Convolutional Neural Networks with Cutout" (util/cutout.py).
import type { Augmentation } from './augmentation.ts'
import { described } from './description.ts'
import { checkOption } from './options.ts'

/** How {@link cutout} cuts. */
export interface CutoutOptions {
  /** Side of the square over the picture's short side: 0.5 for CIFAR-10 in the paper. */
  readonly fraction: number
  /** Grey that fills it, 0 to 255, or one for each color. Default: ImageNet's mean, so that the network gets about 0. */
  readonly fill?: number | readonly number[]
}

const IMAGENET_MEAN = [124, 116, 104]

/**
 * Covers a square whose centre is anywhere in the picture, so that it may stand out over the border. Alpha
 * stays. Use it after a crop. Throws `INVALID_AUGMENTATION`.
 */
export function cutout({ fraction, fill = IMAGENET_MEAN }: CutoutOptions): Augmentation {
  checkOption(fraction > 0 && fraction <= 1, `cutout takes a fraction above 0 and at most 1, not ${fraction}.`)
  const apply: Augmentation = (picture, random) => {
    const { width, height, channels } = picture
    const side = Math.round(fraction * Math.min(width, height))
    const top = random.integer(height) - (side >> 1)
    const left = random.integer(width) - (side >> 1)
    const data = new Uint8Array(picture.data)
    for (let y = Math.max(0, top); y < Math.min(height, top + side); y++) {
      for (let x = Math.max(0, left); x < Math.min(width, left + side); x++) {
        const at = (y * width + x) * channels
        for (let c = 0; c < Math.min(channels, 3); c++) data[at + c] = typeof fill === 'number' ? fill : fill[c]!
      }
    }
    return { ...picture, data }
  }
  return described(apply, { name: 'cutout', args: [{ fraction, fill }] })
}
