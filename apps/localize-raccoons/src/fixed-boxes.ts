import type { Box } from '@cnnkit/images'
import { boxFigures } from './box-figures.ts'
import type { Row } from './judge.ts'
import type { JudgedPicture } from './judged-pictures.ts'

/** What boxes come to that look at no picture: a centred one of the training boxes' mean size, and the whole picture. */
export function fixedBoxes(pictures: readonly JudgedPicture[], training: readonly JudgedPicture[]): Row[] {
  const sizes = training.flatMap(({ image: { width, height }, boxes }) =>
    boxes.map(([left, top, right, bottom]) => [(right - left) / width, (bottom - top) / height] as const),
  )
  const mean = (side: 0 | 1): number => sizes.reduce((sum, size) => sum + size[side], 0) / sizes.length
  return [fixedBox('centred box', pictures, [mean(0), mean(1)]), fixedBox('whole picture', pictures, [1, 1])]
}

function fixedBox(method: string, pictures: readonly JudgedPicture[], [wide, high]: readonly [number, number]): Row {
  const found = pictures.map(({ image: { width, height } }): Box => {
    const [x, y] = [(width * (1 - wide)) / 2, (height * (1 - high)) / 2]
    return [x, y, width - x, height - y]
  })
  const hits = pictures.filter(({ image: { width, height }, boxes }) =>
    boxes.some(
      ([left, top, right, bottom]) =>
        width / 2 >= left && width / 2 < right && height / 2 >= top && height / 2 < bottom,
    ),
  )
  return { method, ...boxFigures(found, pictures), pointing: hits.length / pictures.length }
}
