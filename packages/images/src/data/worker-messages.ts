import type { AugmentationStep } from '../augment/description.ts'
import type { Picture } from '../picture.ts'
import type { Preprocessing } from '../preprocess/preprocessing.ts'
import type { PictureFile } from '../read/picture-file.ts'

/** Pictures for a worker to read, augment and preprocess: plain data. */
export interface Work {
  readonly sources: readonly (Picture | PictureFile)[]
  /** Each picture's stream of the seed. */
  readonly streams: readonly number[]
  readonly seed: number
  readonly preprocessing: Preprocessing
  /** What the augmentation is made of. */
  readonly steps?: readonly AugmentationStep[] | undefined
  /** How many pictures are decoded at a time. */
  readonly concurrency: number
  /** Whether decoded pictures are to be handed back, too. */
  readonly keep: boolean
}

/** What a worker is asked: some work under a number, or to leave out what it has not begun of it. */
export type Request = { readonly id: number; readonly work: Work } | { readonly stop: number }

/** An error as plain data; `code` where it is a `CnnkitError`. */
export interface PlainError {
  readonly message: string
  readonly code?: string
}

/** What a worker answers. */
export interface Answer {
  readonly id: number
  /** Of the pictures that were read, one after the other. */
  readonly values: Float32Array
  /** What was thrown for the others, by their place. */
  readonly errors: readonly (readonly [place: number, error: PlainError])[]
  /** Pictures that were decoded, where they are to be kept, by their place. */
  readonly decoded: readonly (readonly [place: number, picture: Picture])[]
}
