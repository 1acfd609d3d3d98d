import { type Augmentation, compose } from './augmentation.ts'
import { colorJitter } from './color-jitter.ts'
import { cutout } from './cutout.ts'
import type { AugmentationStep } from './description.ts'
import { flip } from './flip.ts'
import { pcaLighting } from './lighting.ts'
import { randomResizedCrop } from './random-resized-crop.ts'

const makers: Readonly<Record<AugmentationStep['name'], (...args: never[]) => Augmentation>> = {
  flip,
  randomResizedCrop,
  colorJitter,
  pcaLighting,
  cutout,
}

/** The augmentation that the steps describe: the same pictures from the same streams. */
export function augmentationFrom(steps: readonly AugmentationStep[]): Augmentation {
  return compose(steps.map(({ name, args }) => makers[name](...(args as never[]))))
}
