import type { Random } from './random.ts'

/** How the pictures of one batch are mixed: picture `i` becomes `share` of itself and the rest of `partners[i]`. */
export interface Mixture {
  /** Places in the batch, one for each picture. */
  readonly partners: readonly number[]
  /** 0 to 1. */
  readonly share: number
}

/**
 * An augmentation of whole batches, after each picture was augmented and preprocessed: says how the pictures are mixed. It is a
 * pure function of the number of pictures and the stream.
 */
export type BatchMix = (pictures: number, random: Random) => Mixture

/** Mixes rows of equal length, in a new array: `share * row + (1 - share) * partner`. */
export function mixRows(rows: Float32Array, { partners, share }: Mixture): Float32Array {
  const length = rows.length / partners.length
  const mixed = new Float32Array(rows.length)
  for (const [row, partner] of partners.entries()) {
    for (let i = 0; i < length; i++) {
      mixed[row * length + i] = share * rows[row * length + i]! + (1 - share) * rows[partner * length + i]!
    }
  }
  return mixed
}

/** How much each picture of a mixed batch is of each class: `[pictures, classes]`, row by row, each row's sum 1. */
export function mixedTargets(labels: Int32Array, classes: number, mixture: Mixture): Float32Array {
  const hard = new Float32Array(labels.length * classes)
  for (const [i, label] of labels.entries()) hard[i * classes + label] = 1
  return mixRows(hard, mixture)
}
