import { contextOf } from '../drawable.ts'
import { type Picture, toRgb } from '../picture.ts'
import { fetchBytes, heldBytes, nameOf, notAnImage } from './bytes.ts'
import { type Format, formatOf, hasForeignProfile, isCutShort } from './format.ts'
import type { ReadOptions, ReadSource } from './read.ts'

const FORMATS: readonly Format[] = ['JPEG', 'PNG', 'WebP', 'GIF', 'AVIF', 'BMP']

/**
 * Reads a picture: RGB with three channels, upright by its EXIF orientation, grey repeated, CMYK and 16 bits brought to
 * RGB of 8 bits, alpha laid over white, the first frame of an animation.
 *
 * In a browser a string is a URL; it reads JPEG, PNG, WebP, GIF, AVIF and BMP with the browser's own decoders.
 *
 * Throws `NOT_FOUND`, `READ_FAILED` (no permission, no network), `NOT_AN_IMAGE` (not a picture, of a format that cannot
 * be read here, damaged or cut short: the message says which) and `ABORTED`.
 */
export async function readImage(source: ReadSource, options: ReadOptions = {}): Promise<Picture> {
  const isAddress = typeof source === 'string' || source instanceof URL
  const bytes = await (isAddress ? fetchBytes(String(source), options.signal) : heldBytes(source))
  return decode(bytes, nameOf(source), options)
}

async function decode(bytes: Uint8Array, name: string, { profile = 'apply' }: ReadOptions): Promise<Picture> {
  const format = formatOf(bytes)
  if (!format || !FORMATS.includes(format)) throw notAnImage(name, bytes, FORMATS)
  if (isCutShort(bytes, format)) throw notAnImage(name, bytes, FORMATS, 'its end is missing')
  const isPlain = profile === 'ignore' || hasForeignProfile(bytes, format)
  const blob = new Blob([bytes as Uint8Array<ArrayBuffer>], { type: `image/${format.toLowerCase()}` })
  let bitmap: ImageBitmap
  try {
    bitmap = await createImageBitmap(blob, {
      imageOrientation: 'from-image',
      colorSpaceConversion: isPlain ? 'none' : 'default',
    })
  } catch (cause) {
    throw notAnImage(name, bytes, FORMATS, cause)
  }
  const { width, height } = bitmap
  const context = contextOf(width, height)
  context.drawImage(bitmap, 0, 0)
  bitmap.close()
  return toRgb({ data: context.getImageData(0, 0, width, height).data, width, height, channels: 4 })
}
