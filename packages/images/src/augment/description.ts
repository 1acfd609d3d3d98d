import type { Augmentation } from './augmentation.ts'

/** A built-in augmentation as plain data, to be made again on another thread: the function's name and what it was called with. */
export interface AugmentationStep {
  readonly name: 'flip' | 'randomResizedCrop' | 'colorJitter' | 'pcaLighting' | 'cutout'
  readonly args: readonly unknown[]
}

/** What is known of each augmentation; the caller's own functions are not in it. */
const known = new WeakMap<Augmentation, readonly AugmentationStep[]>()

/** Notes what an augmentation is made of, and gives it back. */
export function described(augmentation: Augmentation, ...steps: readonly AugmentationStep[]): Augmentation {
  known.set(augmentation, steps)
  return augmentation
}

/** What an augmentation is made of; undefined where a part of it is the caller's own function. */
export function stepsOf(augmentation: Augmentation): readonly AugmentationStep[] | undefined {
  return known.get(augmentation)
}
