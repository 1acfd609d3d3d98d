import { CnnkitError } from '@cnnkit/errors'
import { type Box, checkPixels, type Picture } from '../picture.ts'
import { premultiply, unpremultiply } from './alpha.ts'
import type { Filter } from './filters.ts'
import { resample } from './resample.ts'

/** How {@link resize} scales. */
export interface ResizeOptions {
  /** Pixels in a row of the result. */
  readonly width: number
  /** Rows of the result. */
  readonly height: number
  /** PIL's kernel of this name. */
  readonly filter: Filter
  /**
   * Whether the kernel grows with the factor by which the picture shrinks. Default true, as PIL (and torchvision and
   * timm through it); false reads only the nearest neighbours, as `tf.image.resize` and OpenCV.
   */
  readonly antialias?: boolean
  /** The part of the picture that becomes the result, in pixels and parts of pixels. Default: all of it. */
  readonly box?: Box
}

/**
 * Scales a picture as PIL's `Image.resize` does, to the bit. Pixels outside the box but inside the picture bleed in at
 * the borders, as in PIL: {@link crop} first where they must not. Alpha is honoured: invisible colours do not bleed.
 * Throws `INVALID_SIZE`, `INVALID_BOX` or `INVALID_PICTURE`.
 */
export function resize(picture: Picture, options: ResizeOptions): Picture {
  const { width, height, filter, antialias = true } = options
  const box = options.box ?? [0, 0, picture.width, picture.height]
  checkPixels(picture)
  checkSize(width, height)
  checkBox(box, picture)
  const scaled = (source: Picture): Picture =>
    resample(source, { box, width, height, window: { left: 0, top: 0, width, height }, filter, antialias }) as Picture
  if (picture.channels !== 4 || filter === 'nearest') return scaled(picture)
  if (scaled(picture) === picture) return picture
  return unpremultiply(scaled(premultiply(picture)))
}

function checkSize(width: number, height: number): void {
  if (Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0) return
  throw new CnnkitError(
    'images',
    'INVALID_SIZE',
    `Cannot resize to ${width} x ${height}: give whole pixels above zero.`,
  )
}

function checkBox(box: Box, { width, height }: Picture): void {
  const [left, top, right, bottom] = box
  if (left >= 0 && top >= 0 && right <= width && bottom <= height && left < right && top < bottom) return
  throw new CnnkitError(
    'images',
    'INVALID_BOX',
    `The box [${box.join(', ')}] must be [left, top, right, bottom] inside a picture of ${width} x ${height}.`,
  )
}
