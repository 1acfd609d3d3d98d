import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Picture } from '../picture.ts'
import { loadSharp } from '../sharp.node.ts'
import { fetchBytes, heldBytes, nameOf, notAnImage, notFound, readFailed, reasonOf } from './bytes.ts'
import { type Format, formatOf, isCmykJpeg } from './format.ts'
import type { ReadOptions, ReadSource } from './read.ts'
import { rgbOf, rgbOfCmyk } from './rgb.ts'

const FORMATS: readonly Format[] = ['JPEG', 'PNG', 'WebP', 'GIF', 'AVIF', 'TIFF']

/**
 * Reads a picture: RGB with three channels, upright by its EXIF orientation, grey repeated, CMYK and 16 bits brought to
 * RGB of 8 bits, alpha laid over white, the first frame of an animation.
 *
 * In Node it takes the path of a file, a URL (`file:`, `http:`, `https:`, `data:`) or the file's bytes, and reads JPEG, PNG,
 * WebP, GIF, AVIF and TIFF through sharp; a JPEG comes out as from PIL, bit for bit where it has no colour profile.
 *
 * Throws `NOT_FOUND`, `READ_FAILED` (no permission, no network), `NOT_AN_IMAGE` (not a picture, of a format that cannot
 * be read here, damaged or cut short: the message says which), `DECODER_UNAVAILABLE` (no sharp) and `ABORTED`.
 */
export async function readImage(source: ReadSource, options: ReadOptions = {}): Promise<Picture> {
  const bytes = await bytesOf(source, options.signal)
  return decode(bytes, nameOf(source), options)
}

async function decode(bytes: Uint8Array, name: string, { profile = 'apply' }: ReadOptions): Promise<Picture> {
  const format = formatOf(bytes)
  if (!format || !FORMATS.includes(format)) throw notAnImage(name, bytes, FORMATS)
  const sharp = await loadSharp()
  const isCmyk = isCmykJpeg(bytes, format)
  const source = sharp(bytes, { failOn: 'error', ignoreIcc: isCmyk || profile === 'ignore' }).autoOrient()
  const colored = isCmyk ? source.pipelineColourspace('cmyk').toColourspace('cmyk') : source.toColourspace('srgb')
  try {
    const { data, info } = await colored.raw().toBuffer({ resolveWithObject: true })
    const pixels = new Uint8Array(data.buffer, data.byteOffset, data.length)
    if (isCmyk) return rgbOfCmyk(pixels, info.width, info.height)
    return rgbOf(pixels, info.width, info.height, info.channels)
  } catch (cause) {
    throw notAnImage(name, bytes, FORMATS, cause)
  }
}

async function bytesOf(source: ReadSource, signal: AbortSignal | undefined): Promise<Uint8Array> {
  if (typeof source !== 'string' && !(source instanceof URL)) return heldBytes(source)
  const address = String(source)
  if (/^(?:https?|data):/i.test(address)) return fetchBytes(address, signal)
  return fileBytes(/^file:/i.test(address) ? fileURLToPath(address) : address, nameOf(source))
}

async function fileBytes(path: string, name: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') throw notFound(name, cause)
    throw readFailed(name, code === 'EISDIR' ? 'it is a folder' : reasonOf(cause), cause)
  }
}
