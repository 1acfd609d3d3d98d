import { CnnkitError } from '@cnnkit/errors'
import type { Picture } from '../picture.ts'
import { fileOf } from '../read/picture-file.ts'
import { elsewhereOf, readElsewhere } from './elsewhere.ts'

/** Pictures with a class each, read when they are asked for. */
export interface PictureDataset {
  /** The classes' names in the order of the labels. */
  readonly classes: readonly string[]
  /** How many pictures there are. */
  readonly size: number
  /** The picture's class, an index of `classes`. */
  label(index: number): number
  /**
   * Where pictures have no class but tags or quantities (`targetDataset`), a number for each name in `classes`. `label` is then the
   * first tag that is true, and says nothing of quantities.
   */
  target?(index: number): readonly number[]
  /** The picture's name, unique in the data set: `daisy/100080576_f52e8ee070_n.jpg`. */
  id(index: number): string
  /** Reads and decodes the picture; what it throws is up to the source, `NOT_AN_IMAGE` for a bad file. */
  picture(index: number): Promise<Picture>
}

/** One picture of {@link pictureDataset}. */
export interface DatasetItem {
  /** Unique in the data set. */
  readonly id: string
  /** An index of the classes. */
  readonly label: number
  /** Reads and decodes: `() => readImage(file)`. */
  readonly read: () => Promise<Picture>
}

/** What {@link pictureDataset} is made of. */
export interface PictureDatasetOptions {
  /** The classes' names in the order of the labels. */
  readonly classes: readonly string[]
  /** The pictures. */
  readonly items: readonly DatasetItem[]
  /** Room for decoded pictures that are kept; those that come first and fit are. Default 0: none. */
  readonly cacheBytes?: number
}

/** A data set of what is listed: chosen files in a browser, rows of a sprite, ... Throws `UNKNOWN_CLASS`. */
export function pictureDataset({ classes, items, cacheBytes = 0 }: PictureDatasetOptions): PictureDataset {
  for (const { id, label } of items) {
    if (classes[label] !== undefined) continue
    throw new CnnkitError(
      'images',
      'UNKNOWN_CLASS',
      `"${id}" has label ${label}, but there are ${classes.length} classes.`,
    )
  }
  return {
    classes,
    size: items.length,
    label: (index) => itemAt(items, index).label,
    id: (index) => itemAt(items, index).id,
    picture: keepFirst(items, cacheBytes),
  }
}

/**
 * The pictures at these indices, in this order; the classes stay. It reads through the given data set, cache included.
 */
export function subset(dataset: PictureDataset, indices: readonly number[]): PictureDataset {
  const elsewhere = elsewhereOf(dataset)
  const picture = async (index: number): Promise<Picture> => dataset.picture(itemAt(indices, index))
  return {
    classes: dataset.classes,
    size: indices.length,
    label: (index) => dataset.label(itemAt(indices, index)),
    ...(dataset.target && { target: (index: number) => dataset.target!(itemAt(indices, index)) }),
    id: (index) => dataset.id(itemAt(indices, index)),
    picture: elsewhere
      ? readElsewhere(picture, {
          source: (index) => elsewhere.source(itemAt(indices, index)),
          get keep() {
            const { keep } = elsewhere
            return keep && ((index: number, decoded: Picture) => keep(itemAt(indices, index), decoded))
          },
        })
      : picture,
  }
}

/** The indices of the pictures of each class; all in one group where pictures have tags or quantities in place of a class. */
export function indicesByClass(dataset: PictureDataset): number[][] {
  if (dataset.target) return [Array.from({ length: dataset.size }, (_, index) => index)]
  const byClass: number[][] = dataset.classes.map(() => [])
  for (let index = 0; index < dataset.size; index++) byClass[dataset.label(index)]!.push(index)
  return byClass
}

function itemAt<Item>(items: readonly Item[], index: number): Item {
  const item = items[index]
  if (item !== undefined) return item
  throw new CnnkitError('images', 'OUT_OF_RANGE', `There is no picture ${index} among ${items.length}.`)
}

/** Keeps the first pictures that fit and never drops one: an epoch in random order would drop each before it is read again. */
function keepFirst(items: readonly DatasetItem[], room: number): PictureDataset['picture'] {
  const kept = new Map<number, Picture>()
  let left = room
  const keep = (index: number, picture: Picture): void => {
    if (picture.data.length > left || kept.has(index)) return
    kept.set(index, picture)
    left -= picture.data.length
  }
  const picture = async (index: number): Promise<Picture> => {
    const known = kept.get(index)
    if (known) return known
    const decoded = await itemAt(items, index).read()
    keep(index, decoded)
    return decoded
  }
  return readElsewhere(picture, {
    source: (index) => kept.get(index) ?? fileOf(itemAt(items, index).read),
    get keep() {
      return left > 0 ? keep : undefined
    },
  })
}
