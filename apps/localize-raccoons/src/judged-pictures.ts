import type { ComparedPicture } from '@cnnkit/cam'
import type { Box, PictureDataset } from '@cnnkit/images'
import { RACCOON, type Raccoons } from './raccoons.ts'

/** A raccoon whose boxes are known. */
export interface JudgedPicture extends ComparedPicture {
  readonly image: { readonly width: number; readonly height: number } & ComparedPicture['image']
  readonly boxes: readonly Box[]
}

/** The pictures of a data set that show raccoons, at most so many. */
export async function raccoonsOf(dataset: PictureDataset, raccoons: Raccoons, most?: number): Promise<JudgedPicture[]> {
  const indices = Array.from({ length: dataset.size }, (_, i) => i).filter((i) => dataset.label(i) === RACCOON)
  const pictures: JudgedPicture[] = []
  for (const i of indices.slice(0, most)) {
    pictures.push({ image: await dataset.picture(i), target: RACCOON, boxes: raccoons.boxes(dataset.id(i)) })
  }
  return pictures
}
