import type { Picture } from '../picture.ts'
import { resize } from '../resize/resize.ts'
import type { PictureFile } from './picture-file.ts'
import { readImage } from './read.node.ts'

/** Reads, decodes and, where that is asked for, scales down (bicubic). Throws what {@link readImage} throws. */
export async function readPictureFile({ path, profile, shortSide }: PictureFile): Promise<Picture> {
  const picture = await readImage(path, profile ? { profile } : {})
  const factor = (shortSide ?? Number.POSITIVE_INFINITY) / Math.min(picture.width, picture.height)
  if (factor >= 1) return picture
  const [width, height] = [picture.width, picture.height].map((side) => Math.round(side * factor)) as [number, number]
  return resize(picture, { width, height, filter: 'bicubic' })
}
