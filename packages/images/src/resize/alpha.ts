// PIL's rgba2rgbA and rgbA2rgba, src/libImaging/Convert.c.
import type { Picture } from '../picture.ts'

/** RGBA with the colours multiplied by alpha. */
export function premultiply(picture: Picture): Picture {
  const data = new Uint8Array(picture.data)
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3]!
    for (let c = 0; c < 3; c++) {
      const product = data[i + c]! * alpha + 128
      data[i + c] = ((product >> 8) + product) >> 8
    }
  }
  return { ...picture, data }
}

/** The way back: colours divided by alpha. */
export function unpremultiply(picture: Picture): Picture {
  const data = new Uint8Array(picture.data)
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3]!
    if (alpha === 255 || alpha === 0) continue
    for (let c = 0; c < 3; c++) data[i + c] = Math.min(255, Math.trunc((255 * data[i + c]!) / alpha))
  }
  return { ...picture, data }
}
