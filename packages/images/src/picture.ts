import { CnnkitError } from '@cnnkit/errors'

/**
 * Decoded pixels: row-major, interleaved, 0 to 255. Every function of this package treats a picture as a value: it
 * never writes into one that it was given, and may return the one it was given where there is nothing to do.
 */
export interface Picture {
  /** `height * width * channels` bytes. */
  readonly data: Uint8Array | Uint8ClampedArray
  /** Pixels in a row. */
  readonly width: number
  /** Rows. */
  readonly height: number
  /** 1 is grey, 3 is RGB, 4 is RGB with alpha (not premultiplied). */
  readonly channels: 1 | 3 | 4
}

/** Left, top, right and bottom in pixels, as in PIL: right and bottom are the first column and row that are outside. */
export type Box = readonly [left: number, top: number, right: number, bottom: number]

/** Pixels of any number of channels: a {@link Picture}, or a tensor's values. */
export interface Pixels {
  readonly data: Uint8Array | Uint8ClampedArray
  readonly width: number
  readonly height: number
  readonly channels: number
}

/** Throws `INVALID_PICTURE` unless the sizes are whole, positive and fit the bytes. */
export function checkPixels({ data, width, height, channels }: Pixels): void {
  const whole = Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0
  if (whole && data.length === width * height * channels) return
  throw new CnnkitError(
    'images',
    'INVALID_PICTURE',
    `A picture of ${width} x ${height} pixels with ${channels} channels takes ${width * height * channels} bytes, not ${data.length}.`,
  )
}

/**
 * The part of a picture inside a box of whole pixels; bytes are copied.
 * Throws `INVALID_BOX` for a box that is empty, not whole or outside the picture.
 */
export function crop(picture: Picture, box: Box): Picture {
  const [left, top, right, bottom] = box
  const { width, height, channels } = picture
  const inside = left >= 0 && top >= 0 && right <= width && bottom <= height && left < right && top < bottom
  if (!inside || !box.every(Number.isInteger)) {
    throw new CnnkitError(
      'images',
      'INVALID_BOX',
      `The box [${box.join(', ')}] must be whole pixels [left, top, right, bottom] inside a picture of ${width} x ${height}.`,
    )
  }
  const stride = (right - left) * channels
  const data = new Uint8Array((bottom - top) * stride)
  for (let y = top; y < bottom; y++) {
    const from = (y * width + left) * channels
    data.set(picture.data.subarray(from, from + stride), (y - top) * stride)
  }
  return { data, width: right - left, height: bottom - top, channels }
}

/** The picture with three channels: grey is repeated, alpha is laid over white. An RGB picture is returned as it is. */
export function toRgb(picture: Picture): Picture {
  const { data, width, height, channels } = picture
  if (channels === 3) return picture
  const rgb = new Uint8Array(width * height * 3)
  if (channels === 1) {
    for (let from = 0, to = 0; from < data.length; from++, to += 3) rgb.fill(data[from]!, to, to + 3)
  } else {
    overWhite(data, rgb)
  }
  return { data: rgb, width, height, channels: 3 }
}

function overWhite(rgba: Picture['data'], rgb: Uint8Array): void {
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    const alpha = rgba[from + 3]!
    if (alpha === 255) {
      rgb[to] = rgba[from]!
      rgb[to + 1] = rgba[from + 1]!
      rgb[to + 2] = rgba[from + 2]!
    } else {
      for (let i = 0; i < 3; i++) rgb[to + i] = Math.round((rgba[from + i]! * alpha + 255 * (255 - alpha)) / 255)
    }
  }
}

/** The picture with one channel: ITU-R 601 luma, `(19595 R + 38470 G + 7471 B) / 65536`, as PIL's mode `L`; alpha over white. */
export function toGrey(picture: Picture): Picture {
  if (picture.channels === 1) return picture
  const { data, width, height } = toRgb(picture)
  const grey = new Uint8Array(width * height)
  for (let from = 0, to = 0; to < grey.length; from += 3, to++) {
    grey[to] = luma(data[from]!, data[from + 1]!, data[from + 2]!)
  }
  return { data: grey, width, height, channels: 1 }
}

/** PIL's grey of one RGB pixel, 0 to 255. */
export function luma(red: number, green: number, blue: number): number {
  return (red * 19595 + green * 38470 + blue * 7471 + 0x8000) >> 16
}
