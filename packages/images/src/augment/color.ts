// PIL's ImageEnhance over ImagingBlend (src/libImaging/Blend.c), which torchvision's adjust_* functions call on pictures.
import { luma, type Picture, toGrey } from '../picture.ts'

/** 0 is black, 1 is the picture, 2 twice as bright: torchvision's `adjust_brightness`. Alpha stays. */
export function adjustBrightness(picture: Picture, factor: number): Picture {
  return mapColors(picture, blendTable(0, factor))
}

/** 0 is the mean grey, 1 is the picture: torchvision's `adjust_contrast`. Alpha stays. */
export function adjustContrast(picture: Picture, factor: number): Picture {
  const { data } = toGrey(picture)
  let sum = 0
  for (const value of data) sum += value
  const mean = Math.trunc(sum / data.length + 0.5)
  return mapColors(picture, blendTable(mean, factor))
}

/** 0 is grey, 1 is the picture, 2 twice as colourful: torchvision's `adjust_saturation`. Grey pictures and alpha stay. */
export function adjustSaturation(picture: Picture, factor: number): Picture {
  if (picture.channels === 1) return picture
  const weight = Math.fround(factor)
  const data = new Uint8Array(picture.data)
  for (let i = 0; i < data.length; i += picture.channels) {
    const grey = luma(data[i]!, data[i + 1]!, data[i + 2]!)
    data[i] = blend(grey, data[i]!, weight)
    data[i + 1] = blend(grey, data[i + 1]!, weight)
    data[i + 2] = blend(grey, data[i + 2]!, weight)
  }
  return { ...picture, data }
}

/** PIL's blend of two bytes in 32-bit floats: cut, not rounded, and clipped to 0-255. */
function blend(from: number, to: number, weight: number): number {
  const value = Math.fround(from + Math.fround(weight * (to - from)))
  return value <= 0 ? 0 : value >= 255 ? 255 : Math.trunc(value)
}

function blendTable(from: number, factor: number): Uint8Array {
  const weight = Math.fround(factor)
  return Uint8Array.from({ length: 256 }, (_, to) => blend(from, to, weight))
}

function mapColors(picture: Picture, table: Uint8Array): Picture {
  const { channels } = picture
  const data = new Uint8Array(picture.data)
  const colors = Math.min(channels, 3)
  for (let i = 0; i < data.length; i += channels) {
    for (let channel = 0; channel < colors; channel++) data[i + channel] = table[data[i + channel]!]!
  }
  return { ...picture, data }
}
