import { type PictureDataset, pictureDataset, type ReadSource, readImage } from '@cnnkit/images'

/** The two kinds of flowers that the network is taught. */
export const kinds = ['daisy', 'roses'] as const

const KEPT_BYTES = 64 * 2 ** 20

/** The first photographs of each kind, a dozen unless said otherwise, each decoded once. */
export function flowersOf(
  files: Readonly<Record<(typeof kinds)[number], readonly ReadSource[]>>,
  count = 12,
): PictureDataset {
  const items = kinds.flatMap((kind, label) =>
    files[kind].slice(0, count).map((file, i) => ({ id: `${kind}/${i}`, label, read: () => readImage(file) })),
  )
  return pictureDataset({ classes: kinds, items, cacheBytes: KEPT_BYTES })
}
