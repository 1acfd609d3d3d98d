import { CnnkitError } from '@cnnkit/errors'
import type { Picture } from '../picture.ts'
import { type PictureDataset, pictureDataset } from './dataset.ts'

/** One picture of {@link targetDataset}. */
export interface TargetItem {
  /** Unique in the data set. */
  readonly id: string
  /** A number for each name: 1 or 0 for tags, an amount for quantities. */
  readonly target: readonly number[]
  /** Reads and decodes: `() => readImage(file)`. */
  readonly read: () => Promise<Picture>
}

/** What {@link targetDataset} is made of. */
export interface TargetDatasetOptions {
  /** The names of the tags or quantities, in the order of the numbers. */
  readonly names: readonly string[]
  /** The pictures. */
  readonly items: readonly TargetItem[]
  /** Room for decoded pictures that are kept; those that come first and fit are. Default 0: none. */
  readonly cacheBytes?: number
}

/** A data set whose pictures have numbers in place of a class. */
export type TargetDataset = PictureDataset & Required<Pick<PictureDataset, 'target'>>

/**
 * A data set of pictures with tags (any number of them true) or quantities: rows of a table, say. Throws `BAD_TARGET` where numbers are missing or are none.
 */
export function targetDataset({ names, items, cacheBytes = 0 }: TargetDatasetOptions): TargetDataset {
  for (const { id, target } of items) {
    if (target.length === names.length && target.every(Number.isFinite)) continue
    throw new CnnkitError(
      'images',
      'BAD_TARGET',
      `"${id}" has the numbers ${target.join(', ')}; it needs one for each of ${names.join(', ')}.`,
    )
  }
  const labelled = items.map((item) => ({ ...item, label: Math.max(0, item.target.indexOf(1)) }))
  return {
    ...pictureDataset({ classes: names, items: labelled, cacheBytes }),
    target: (index) => items[index]!.target,
  }
}
