import { writeFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { type ActivationMap, type OverlayOptions, overlay, overlaySvg } from '@cnnkit/cam'
import { encodeImage, type Picture } from '@cnnkit/images'
import { UsageError } from '../command.ts'

/** What a picture can be written as, by the ending of its file. */
export type OutFormat = 'png' | 'jpeg' | 'svg'

/** The format of a file to write. @throws `UsageError` for another ending */
export function formatOf(file: string): OutFormat {
  const ending = extname(file).slice(1).toLowerCase()
  if (ending === 'jpg' || ending === 'jpeg') return 'jpeg'
  if (ending === 'png' || ending === 'svg') return ending
  throw new UsageError(`"${file}" ends in none of .png, .jpg and .svg, so what to write is not known.`)
}

/** Writes a picture with its map, at the picture's size. */
export async function writeOverlay(
  out: string,
  picture: Picture,
  map: ActivationMap,
  options: OverlayOptions & { readonly title: string },
): Promise<void> {
  const format = formatOf(out)
  if (format === 'svg') return writeFile(out, await overlaySvg(picture, map, options))
  await writeFile(out, await encodeImage(overlay(picture, map, options), format))
}

/** Writes a drawing, as it is or as pixels, twice as many as it says. */
export async function writeDrawing(out: string, svg: string): Promise<void> {
  const format = formatOf(out)
  if (format === 'svg') return writeFile(out, svg)
  const { default: sharp } = await import('sharp')
  const drawn = sharp(new TextEncoder().encode(svg), { density: 144 })
  await writeFile(out, await (format === 'png' ? drawn.png() : drawn.jpeg({ quality: 90 })).toBuffer())
}
