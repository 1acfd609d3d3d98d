import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Box, type DatasetItem, type PictureDataset, pictureDataset, readImage } from '@cnnkit/images'

/** The class whose maps are judged, an index of the data set's classes. */
export const RACCOON = 1

/** Pictures with and without raccoons. */
export interface Raccoons {
  /** Classes `other` and `raccoon`. */
  readonly dataset: PictureDataset
  /** The true boxes of a picture with raccoons, in its pixels. */
  boxes(id: string): readonly Box[]
}

/** Classes of ImageNet up to this one are animals. */
const LAST_ANIMAL = 397

/**
 * The raccoons of `raccoon-voc`, and as pictures without one the animals among the hundred of `imagenet-sample-100`, which are
 * every tenth class in order.
 */
export async function readRaccoons(folder: string): Promise<Raccoons> {
  const voc = join(folder, 'raccoon-voc')
  const boxes = new Map<string, readonly Box[]>()
  for (const file of (await readdir(join(voc, 'annotations'))).filter((name) => name.endsWith('.xml')).sort()) {
    const { picture, objects } = readVoc(await readFile(join(voc, 'annotations', file), 'utf8'))
    boxes.set(picture, objects)
  }
  const sample = join(folder, 'imagenet-sample-100')
  const others = (await readdir(sample)).filter((name) => /\.jpe?g$/i.test(name)).sort()
  const item = (path: string, id: string, label: number): DatasetItem => ({
    id,
    label,
    read: () => readImage(join(path, id)),
  })
  const items = [
    ...others.filter((_, i) => 10 * i <= LAST_ANIMAL).map((id) => item(sample, id, 1 - RACCOON)),
    ...[...boxes.keys()].map((id) => item(join(voc, 'images'), id, RACCOON)),
  ]
  return {
    dataset: pictureDataset({ classes: ['other', 'raccoon'], items, cacheBytes: 2 ** 28 }),
    boxes: (id) => boxes.get(id) ?? [],
  }
}

/** Reads what is needed of a Pascal VOC annotation, whose pixels count from 1. */
function readVoc(xml: string): { picture: string; objects: readonly Box[] } {
  const picture = /<filename>([^<]+)<\/filename>/.exec(xml)?.[1]
  const objects = [...xml.matchAll(/<bndbox>([\s\S]*?)<\/bndbox>/g)].map(([, box]) => {
    const side = (name: string): number => Number(new RegExp(`<${name}>\\s*([\\d.]+)\\s*</${name}>`).exec(box!)?.[1])
    return [side('xmin') - 1, side('ymin') - 1, side('xmax'), side('ymax')] as const
  })
  if (picture === undefined || objects.length === 0 || objects.flat().some(Number.isNaN)) {
    throw new Error(`No annotation of Pascal VOC: ${xml.slice(0, 200)}`)
  }
  return { picture, objects }
}
