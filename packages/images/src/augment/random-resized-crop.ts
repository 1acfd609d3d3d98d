// torchvision's RandomResizedCrop (transforms/transforms.py, get_params), after Inception's training (Szegedy 2014).
import { roundHalfEven } from '../half-even.ts'
import { type Box, crop, type Picture } from '../picture.ts'
import type { Filter } from '../resize/filters.ts'
import { resize } from '../resize/resize.ts'
import { type Augmentation, framed } from './augmentation.ts'
import { described } from './description.ts'
import { checkOption, sidesOf } from './options.ts'
import type { Random } from './random.ts'

/** How {@link randomResizedCrop} crops. */
export interface RandomResizedCropOptions {
  /** Size of the result in pixels: one number for a square, or `[height, width]`. */
  readonly size: number | readonly [height: number, width: number]
  /** Bounds of the crop's area over the picture's. Default `[0.08, 1]`; fine-tuning often does better with `[0.35, 1]`. */
  readonly scale?: readonly [least: number, most: number]
  /** Bounds of the crop's width over its height, drawn evenly in the logarithm. Default `[3 / 4, 4 / 3]`. */
  readonly ratio?: readonly [least: number, most: number]
  /** Default `bilinear`. */
  readonly filter?: Filter
}

const ATTEMPTS = 10

/** A random part of the picture, of random area and ratio, scaled to `size`. Throws `INVALID_AUGMENTATION`. */
export function randomResizedCrop(options: RandomResizedCropOptions): Augmentation {
  const { scale = [0.08, 1], ratio = [3 / 4, 4 / 3], filter = 'bilinear' } = options
  const size = sidesOf('randomResizedCrop', options.size)
  checkOption(
    0 < scale[0] && scale[0] <= scale[1] && scale[1] <= 1,
    `randomResizedCrop takes scale as [least, most] above 0 and at most 1, not [${scale.join(', ')}].`,
  )
  checkOption(
    0 < ratio[0] && ratio[0] <= ratio[1],
    `randomResizedCrop takes ratio as [least, most] above 0, not [${ratio.join(', ')}].`,
  )
  const [height, width] = size
  const apply = (picture: Picture, random: Random): Picture => {
    const box = randomBox([picture.width, picture.height], random, scale, ratio)
    return resize(crop(picture, box), { width, height, filter })
  }
  return described(framed(apply, size), { name: 'randomResizedCrop', args: [{ ...options }] })
}

/** The box that torchvision's `get_params` draws; after ten misses the largest centred one of a ratio within bounds. */
export function randomBox(
  [width, height]: readonly [width: number, height: number],
  random: Random,
  scale: readonly [least: number, most: number],
  ratio: readonly [least: number, most: number],
): Box {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const area = width * height * random.uniform(...scale)
    const aspect = Math.exp(random.uniform(Math.log(ratio[0]), Math.log(ratio[1])))
    const wide = roundHalfEven(Math.sqrt(area * aspect))
    const high = roundHalfEven(Math.sqrt(area / aspect))
    if (wide > 0 && high > 0 && wide <= width && high <= height) {
      const top = random.integer(height - high + 1)
      const left = random.integer(width - wide + 1)
      return [left, top, left + wide, top + high]
    }
  }
  return centralBox(width, height, ratio)
}

function centralBox(width: number, height: number, ratio: readonly [least: number, most: number]): Box {
  const aspect = width / height
  const wide = aspect > ratio[1] ? Math.max(1, roundHalfEven(height * ratio[1])) : width
  const high = aspect < ratio[0] ? Math.max(1, roundHalfEven(width / ratio[0])) : height
  const left = Math.trunc((width - wide) / 2)
  const top = Math.trunc((height - high) / 2)
  return [left, top, left + wide, top + high]
}
