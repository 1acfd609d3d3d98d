import type { Picture } from '../picture.ts'
import type { Augmentation } from './augmentation.ts'
import { described } from './description.ts'
import { checkProbability } from './options.ts'

/** The picture as in a mirror: left is right. */
export function mirror(picture: Picture): Picture {
  const { data, width, height, channels } = picture
  const mirrored = new Uint8Array(data.length)
  for (let y = 0, from = 0; y < height; y++) {
    for (let x = width - 1; x >= 0; x--) {
      const to = (y * width + x) * channels
      for (let channel = 0; channel < channels; channel++) mirrored[to + channel] = data[from++]!
    }
  }
  return { data: mirrored, width, height, channels }
}

/** Mirrors the picture with probability `p`: torchvision's `RandomHorizontalFlip`. Throws `INVALID_AUGMENTATION`. */
export function flip(p = 0.5): Augmentation {
  checkProbability('flip', p)
  return described((picture, random) => (random.next() < p ? mirror(picture) : picture), { name: 'flip', args: [p] })
}
