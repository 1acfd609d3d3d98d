import type { Picture } from '../picture.ts'
import { described, stepsOf } from './description.ts'
import type { Random } from './random.ts'

/**
 * A random change of a picture: a pure function of the picture and the stream, so the same seed gives the same picture.
 * Any function `(picture, random) => picture` is one.
 */
export interface Augmentation {
  (picture: Picture, random: Random): Picture
  /**
   * Set where the augmentation frames the picture itself and gives it this size, as `randomResizedCrop` does: what
   * follows then only normalises, where it would else scale and crop the centre.
   */
  readonly size?: readonly [height: number, width: number]
}

/** One augmentation after the other. Where one frames the picture, so does the whole. */
export function compose(augmentations: readonly Augmentation[]): Augmentation {
  const apply = (picture: Picture, random: Random): Picture =>
    augmentations.reduce((changed, augmentation) => augmentation(changed, random), picture)
  const size = augmentations.findLast((augmentation) => augmentation.size)?.size
  const whole = size ? framed(apply, size) : apply
  const steps = augmentations.map(stepsOf)
  return steps.every((known) => known !== undefined) ? described(whole, ...steps.flat()) : whole
}

/** An augmentation that says which size it gives. */
export function framed(
  apply: (picture: Picture, random: Random) => Picture,
  size: readonly [height: number, width: number],
): Augmentation {
  return Object.assign(apply, { size })
}
