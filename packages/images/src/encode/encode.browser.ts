import { CnnkitError } from '@cnnkit/errors'
import { contextOf } from '../drawable.ts'
import { checkPixels, type Picture, toRgb } from '../picture.ts'
import { checkQuality, type EncodeOptions } from './encode.ts'

/**
 * The bytes of a PNG or JPEG file of the picture. PNG keeps every pixel, and alpha (colours under it with the rounding of a canvas); JPEG lays
 * alpha over white. Throws `INVALID_PICTURE` or `ENCODE_FAILED`.
 */
export async function encodeImage(
  picture: Picture,
  format: 'png' | 'jpeg',
  { quality = 90 }: EncodeOptions = {},
): Promise<Uint8Array> {
  checkPixels(picture)
  checkQuality(quality)
  const { width, height } = picture
  const context = contextOf(width, height)
  const rgba = toRgba(format === 'jpeg' ? toRgb(picture) : picture)
  context.putImageData(new ImageData(rgba, width, height), 0, 0)
  const blob = await blobOf(context.canvas, `image/${format}`, quality / 100)
  return new Uint8Array(await blob.arrayBuffer())
}

function toRgba({ data, channels }: Picture): Uint8ClampedArray<ArrayBuffer> {
  if (channels === 4) return new Uint8ClampedArray(data)
  const rgba = new Uint8ClampedArray((data.length / channels) * 4)
  for (let from = 0, to = 0; from < data.length; from += channels, to += 4) {
    rgba[to] = data[from]!
    rgba[to + 1] = data[channels === 1 ? from : from + 1]!
    rgba[to + 2] = data[channels === 1 ? from : from + 2]!
    rgba[to + 3] = 255
  }
  return rgba
}

async function blobOf(canvas: HTMLCanvasElement | OffscreenCanvas, type: string, quality: number): Promise<Blob> {
  const blob =
    'convertToBlob' in canvas
      ? await canvas.convertToBlob({ type, quality })
      : await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, quality))
  if (blob?.type === type) return blob
  throw new CnnkitError('images', 'ENCODE_FAILED', `This browser cannot write ${type} from a canvas of this size.`)
}
