import type { Picture } from '../picture.ts'
import type { PictureFile } from '../read/picture-file.ts'
import type { PictureDataset } from './dataset.ts'

/** How another thread comes by a data set's pictures. */
export interface Elsewhere {
  /** The pixels where they are kept in memory, else the file; undefined where only the data set itself can read the picture. */
  source(index: number): Picture | PictureFile | undefined
  /** Takes a picture that another thread has decoded; undefined where none are kept any more. */
  readonly keep: ((index: number, picture: Picture) => void) | undefined
}

// By the function that reads, so that a data set whose `picture` was replaced by the caller's own is read by that.
const known = new WeakMap<PictureDataset['picture'], Elsewhere>()

/** Notes how another thread comes by what a `picture` function gives, and gives the function back. */
export function readElsewhere(picture: PictureDataset['picture'], elsewhere: Elsewhere): PictureDataset['picture'] {
  known.set(picture, elsewhere)
  return picture
}

/** How another thread comes by the pictures; undefined where it cannot. */
export function elsewhereOf({ picture }: PictureDataset): Elsewhere | undefined {
  return known.get(picture)
}
