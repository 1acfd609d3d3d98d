import { checkPixels, type Picture, toRgb } from '../picture.ts'
import { loadSharp } from '../sharp.node.ts'
import { checkQuality, type EncodeOptions } from './encode.ts'

/**
 * The bytes of a PNG or JPEG file of the picture. PNG keeps every pixel, and alpha; JPEG lays
 * alpha over white. Throws `INVALID_PICTURE`, `DECODER_UNAVAILABLE` (no sharp) or `ENCODE_FAILED`.
 */
export async function encodeImage(
  picture: Picture,
  format: 'png' | 'jpeg',
  { quality = 90 }: EncodeOptions = {},
): Promise<Uint8Array> {
  checkPixels(picture)
  checkQuality(quality)
  const sharp = await loadSharp()
  const { data, width, height, channels } = format === 'jpeg' ? toRgb(picture) : picture
  const raw = sharp(data, { raw: { width, height, channels } })
  const file = await (format === 'jpeg' ? raw.jpeg({ quality }) : raw.png()).toBuffer()
  return new Uint8Array(file.buffer, file.byteOffset, file.length)
}
