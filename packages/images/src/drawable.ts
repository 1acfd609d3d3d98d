import { CnnkitError } from '@cnnkit/errors'
import type { Pixels } from './picture.ts'

/** What a browser draws on a canvas. */
export type Drawable =
  | ImageBitmap
  | HTMLCanvasElement
  | OffscreenCanvas
  | HTMLImageElement
  | HTMLVideoElement
  | VideoFrame

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D

/** The RGBA pixels of what can be drawn, at its own size. Throws `UNSUPPORTED_SOURCE` or `INVALID_PICTURE`. */
export function pixelsOfDrawable(source: Drawable): Pixels {
  const { width, height } = sizeOf(source)
  const context = contextOf(width, height)
  context.drawImage(source as CanvasImageSource, 0, 0)
  try {
    return { data: context.getImageData(0, 0, width, height).data, width, height, channels: 4 }
  } catch (cause) {
    throw new CnnkitError(
      'images',
      'INVALID_PICTURE',
      'The browser does not let this page read the picture, which comes from another site: serve it with CORS headers and set crossOrigin="anonymous".',
      { cause },
    )
  }
}

function sizeOf(source: Drawable): { width: number; height: number } {
  const sizes = source as Partial<HTMLImageElement & HTMLVideoElement & VideoFrame>
  const width = sizes.naturalWidth ?? sizes.videoWidth ?? sizes.displayWidth ?? sizes.width
  const height = sizes.naturalHeight ?? sizes.videoHeight ?? sizes.displayHeight ?? sizes.height
  if (typeof width !== 'number' || typeof height !== 'number') throw unsupported(source)
  if (width > 0 && height > 0) return { width, height }
  throw new CnnkitError(
    'images',
    'INVALID_PICTURE',
    'The picture has no pixels yet: wait for it (await img.decode(), or the "loadeddata" event of a video).',
  )
}

/** A fresh canvas of this size to draw on and to read from, tuned for reading. */
export function contextOf(width: number, height: number): Context {
  const context = canvasOf(width, height)?.getContext('2d', { willReadFrequently: true }) as Context | null | undefined
  if (context) return context
  throw new CnnkitError(
    'images',
    'UNSUPPORTED_SOURCE',
    'There is no canvas here to read this picture with. In Node, use readImage, or hand in { data, width, height, channels }.',
  )
}

function canvasOf(width: number, height: number): OffscreenCanvas | HTMLCanvasElement | undefined {
  if (typeof OffscreenCanvas !== 'undefined') return new OffscreenCanvas(width, height)
  if (typeof document === 'undefined') return undefined
  return Object.assign(document.createElement('canvas'), { width, height })
}

/** The error for what is no picture at all. */
export function unsupported(source: unknown): CnnkitError {
  const name =
    typeof source === 'string' ? `the text "${source.slice(0, 80)}"` : (Object(source).constructor?.name ?? '')
  return new CnnkitError(
    'images',
    'UNSUPPORTED_SOURCE',
    `Not a picture: ${name}. Hand in a picture from readImage, pixels { data, width, height, channels }, a tensor [height, width, channels], or in a browser a canvas, bitmap, img or video.`,
  )
}
