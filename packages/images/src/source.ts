import { CnnkitError } from '@cnnkit/errors'
import type { Tensor3D } from '@tensorflow/tfjs-core'
import { type Drawable, pixelsOfDrawable, unsupported } from './drawable.ts'
import { checkPixels, type Picture, type Pixels } from './picture.ts'

/** RGBA pixels without a count of channels: an `ImageData`, or anything of its form. */
export interface ImageDataLike {
  /** `width * height * 4` bytes. */
  readonly data: Uint8Array | Uint8ClampedArray
  /** Pixels in a row. */
  readonly width: number
  /** Rows. */
  readonly height: number
}

/**
 * Any picture that the platform has. Tensors are `[height, width, channels]` with values 0 to 255, which are rounded;
 * they are read at once, so on a backend that cannot read synchronously (WebGPU in Node) `INVALID_PICTURE` says so.
 * Canvases, bitmaps, `img` and `video` elements are read at their own size, where there is a canvas to draw on: in a
 * browser or its workers, else `UNSUPPORTED_SOURCE`. An element that has not loaded or may not be read: `INVALID_PICTURE`.
 */
export type ImageSource = Picture | Tensor3D | ImageDataLike | Drawable

/** The pixels of a source, not copied where it holds bytes. */
export function pixelsOf(source: ImageSource): Pixels {
  if (typeof source !== 'object' || source === null) throw unsupported(source)
  if (isTensor(source)) return pixelsOfTensor(source)
  if ('data' in source) return pixelsOfBytes(source)
  return pixelsOfDrawable(source)
}

function isTensor(source: ImageSource): source is Tensor3D {
  return 'dataId' in source && 'shape' in source
}

function pixelsOfBytes(source: Picture | ImageDataLike): Pixels {
  const { data, width, height } = source
  if (!ArrayBuffer.isView(data) || data.BYTES_PER_ELEMENT !== 1) throw unsupported(source)
  const pixels = { data, width, height, channels: 'channels' in source ? source.channels : 4 }
  checkPixels(pixels)
  return pixels
}

function pixelsOfTensor(tensor: Tensor3D): Pixels {
  if (tensor.shape.length !== 3) {
    throw invalid(`A tensor picture is [height, width, channels]; this one is [${tensor.shape.join(', ')}].`)
  }
  const [height, width, channels] = tensor.shape
  const values = readTensor(tensor)
  checkRange(values)
  return { data: Uint8ClampedArray.from(values), width, height, channels }
}

function readTensor(tensor: Tensor3D): ArrayLike<number> {
  try {
    return tensor.dataSync()
  } catch (cause) {
    throw invalid('The backend cannot read a tensor at once: hand in { data: await tensor.data(), ... }.', { cause })
  }
}

function checkRange(values: ArrayLike<number>): void {
  let low = Number.POSITIVE_INFINITY
  let high = Number.NEGATIVE_INFINITY
  let isNumber = true
  let isWhole = true
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (value < low) low = value
    if (value > high) high = value
    isNumber &&= !Number.isNaN(value)
    isWhole &&= Number.isInteger(value)
  }
  if (isNumber && low >= -1 && high <= 256 && (high > 1 || isWhole)) return
  const range = isNumber ? `goes from ${Number(low.toPrecision(4))} to ${Number(high.toPrecision(4))}` : 'holds NaN'
  throw invalid(
    `A tensor picture holds values from 0 to 255; this one ${range}. Hand in the picture before it is scaled or normalised.`,
  )
}

function invalid(message: string, options?: ErrorOptions): CnnkitError {
  return new CnnkitError('images', 'INVALID_PICTURE', message, options)
}
