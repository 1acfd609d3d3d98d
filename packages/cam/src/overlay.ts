import { type Box, type ImageSource, type Picture, toPicture } from '@cnnkit/images'
import { type ActivationMap, scaleMap } from './activation-map.ts'
import { type ColorMap, colorTable } from './color-map.ts'
import { drawBoxes } from './overlay-boxes.ts'

/** Options of {@link overlay}. */
export interface OverlayOptions {
  /** `turbo` unless given. */
  readonly colorMap?: ColorMap
  /** Share of the colour in the blend, 0 to 1; 0.5 unless given. */
  readonly opacity?: number
  /** Boxes to draw, in pixels of the picture: those of `localize`, or the true ones. */
  readonly boxes?: readonly Box[]
}

/**
 * A picture with a map laid over it, at the picture's own size. What the network did not see (outside the crop) is dimmed.
 *
 * @returns RGB
 */
export function overlay(image: ImageSource, map: ActivationMap, options: OverlayOptions = {}): Picture {
  const { colorMap = 'turbo', opacity = 0.5, boxes = [] } = options
  const picture = toPicture(image)
  const { width, height } = picture
  const [left, top, right, bottom] = map.box.map(Math.round) as [number, number, number, number]
  const table = colorTable(colorMap)
  const heat = scaleMap(map, bottom - top, right - left)
  const data = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3
      const seen = x >= left && x < right && y >= top && y < bottom
      const level = seen ? Math.round(255 * heat[(y - top) * (right - left) + x - left]!) : 0
      for (let c = 0; c < 3; c++) {
        const value = picture.data[at + c]!
        data[at + c] = seen ? value + (table[3 * level + c]! - value) * opacity : value * DIMMED
      }
    }
  }
  const shown: Picture = { data, width, height, channels: 3 }
  drawBoxes(shown, boxes)
  return shown
}

/** How much light is left outside of the crop. */
export const DIMMED = 0.4
