import { CnnkitError } from '@cnnkit/errors'
import { random } from '../augment/random.ts'
import { indicesByClass, type PictureDataset, subset } from './dataset.ts'

/** Two parts of a data set that have no picture in common. */
export interface Split {
  /** What is left to train on. */
  readonly train: PictureDataset
  /** What is held out. */
  readonly validation: PictureDataset
}

/** How {@link split} splits. */
export interface SplitOptions {
  /** The share of each class that is held out for validation, above 0 and below 1. Default 0.2. */
  readonly holdOut?: number
  /** Default 0. */
  readonly seed?: number
}

/** How {@link kFold} splits. */
export interface FoldOptions {
  /** How many parts, at least two. */
  readonly folds: number
  /** Default 0. */
  readonly seed?: number
}

/**
 * Holds out a share of each class, rounded, but at least one picture and not all. The same data set and seed give the
 * same split. Throws `INVALID_SPLIT`, also for a class of fewer than two pictures.
 */
export function split(dataset: PictureDataset, { holdOut = 0.2, seed = 0 }: SplitOptions = {}): Split {
  if (!(holdOut > 0 && holdOut < 1)) throw invalid(`holdOut is ${holdOut}: give a share above 0 and below 1.`)
  const rng = random(seed)
  const heldOut = new Set<number>()
  for (const [label, members] of indicesByClass(dataset).entries()) {
    checkMembers(dataset, label, members.length, 2)
    const count = Math.min(members.length - 1, Math.max(1, Math.round(members.length * holdOut)))
    for (const index of rng.shuffle(members).slice(0, count)) heldOut.add(index)
  }
  return splitBy(dataset, (index) => heldOut.has(index))
}

/**
 * Cross-validation: each picture is held out in exactly one of the splits, each class evenly.
 * Throws `INVALID_SPLIT`, also for a class of fewer pictures than folds.
 */
export function kFold(dataset: PictureDataset, { folds, seed = 0 }: FoldOptions): Split[] {
  if (!Number.isInteger(folds) || folds < 2) throw invalid(`folds is ${folds}: give a whole number of at least 2.`)
  const rng = random(seed)
  const foldOf = new Int32Array(dataset.size)
  let dealt = 0
  for (const [label, members] of indicesByClass(dataset).entries()) {
    checkMembers(dataset, label, members.length, folds)
    for (const index of rng.shuffle(members)) foldOf[index] = dealt++ % folds
  }
  return Array.from({ length: folds }, (_, fold) => splitBy(dataset, (index) => foldOf[index] === fold))
}

function splitBy(dataset: PictureDataset, isHeldOut: (index: number) => boolean): Split {
  const indices = Array.from({ length: dataset.size }, (_, index) => index)
  return {
    train: subset(
      dataset,
      indices.filter((index) => !isHeldOut(index)),
    ),
    validation: subset(dataset, indices.filter(isHeldOut)),
  }
}

function checkMembers({ classes }: PictureDataset, label: number, count: number, least: number): void {
  if (count >= least) return
  throw invalid(
    `The class "${classes[label]}" has ${count} of the ${least} pictures that this split needs: add some, or split less.`,
  )
}

function invalid(message: string): CnnkitError {
  return new CnnkitError('images', 'INVALID_SPLIT', message)
}
