import { roundHalfEven } from '../half-even.ts'
import type { Box } from '../picture.ts'
import { checkPreprocessing, type Preprocessing } from './preprocessing.ts'

/** Where a picture is scaled to, and what is cropped from that. */
export interface Geometry {
  /** Size of the whole picture after scaling. */
  readonly width: number
  readonly height: number
  /** The crop in the scaled picture, in whole pixels. */
  readonly window: { readonly left: number; readonly top: number; readonly width: number; readonly height: number }
}

/**
 * The scaled size and the crop of a picture, rounded as torchvision's `Resize` and `CenterCrop` do: the long side down,
 * the crop's corner to the nearest, halves to even. The short side is `size / cropFraction` rounded down, as in timm.
 */
export function geometryOf(width: number, height: number, preprocessing: Preprocessing): Geometry {
  const [cropHeight, cropWidth] = preprocessing.size
  const scaled = scaledSize(width, height, preprocessing)
  const left = roundHalfEven((scaled.width - cropWidth) / 2)
  const top = roundHalfEven((scaled.height - cropHeight) / 2)
  return { ...scaled, window: { left, top, width: cropWidth, height: cropHeight } }
}

function scaledSize(width: number, height: number, preprocessing: Preprocessing): { width: number; height: number } {
  const { size, cropFraction, resize } = preprocessing
  const [high, wide] = size.map((side) => Math.floor(side / cropFraction + 1e-6)) as [number, number]
  if (resize === 'stretch') return { width: wide, height: high }
  return width * high < height * wide
    ? { width: wide, height: Math.max(high, Math.trunc((wide * height) / width)) }
    : { width: Math.max(wide, Math.trunc((high * width) / height)), height: high }
}

/**
 * The box of the original picture that the network sees, `[left, top, right, bottom]` in pixels and parts of pixels:
 * what a map over the network's input covers. With `stretch` and a `cropFraction` of 1 it is the whole picture.
 */
export function cropBox(width: number, height: number, preprocessing: Preprocessing): Box {
  checkPreprocessing(preprocessing)
  const scaled = geometryOf(width, height, preprocessing)
  const { window } = scaled
  const across = width / scaled.width
  const down = height / scaled.height
  return [
    window.left * across,
    window.top * down,
    (window.left + window.width) * across,
    (window.top + window.height) * down,
  ]
}
