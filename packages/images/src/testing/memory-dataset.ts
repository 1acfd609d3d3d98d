import { CnnkitError } from '@cnnkit/errors'
import { type PictureDataset, pictureDataset } from '../data/dataset.ts'
import { plain } from './pictures.ts'

/** How {@link memoryDataset} behaves. */
export interface MemoryDatasetOptions {
  /** Names of pictures that cannot be read. */
  readonly bad?: readonly string[]
  /** Called when a picture is read. */
  readonly onRead?: (id: string) => void
  /** Milliseconds until the picture is there. */
  readonly delay?: (id: string) => number
  readonly cacheBytes?: number
}

/** `counts[label]` pictures of each class; the grey of picture i is i. */
export function memoryDataset(counts: readonly number[], options: MemoryDatasetOptions = {}): PictureDataset {
  const { bad = [], onRead, delay, cacheBytes = 0 } = options
  const labels = counts.flatMap((count, label) => new Array<number>(count).fill(label))
  const items = labels.map((label, index) => ({
    id: `p${index}`,
    label,
    read: async () => {
      onRead?.(`p${index}`)
      await new Promise((resolve) => setTimeout(resolve, delay?.(`p${index}`) ?? 0))
      if (bad.includes(`p${index}`)) throw new CnnkitError('images', 'NOT_AN_IMAGE', `"p${index}" is not a picture.`)
      return plain(6, 4, [index, index, index])
    },
  }))
  return pictureDataset({ classes: counts.map((_, label) => `class ${label}`), items, cacheBytes })
}
