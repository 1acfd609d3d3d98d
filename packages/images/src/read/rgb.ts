import { type Picture, toRgb } from '../picture.ts'

/** Decoded bytes of 1 to 4 channels (two are grey and alpha) as an RGB picture. */
export function rgbOf(data: Picture['data'], width: number, height: number, channels: number): Picture {
  if (channels === 2) return toRgb({ data: spread(data), width, height, channels: 4 })
  return toRgb({ data, width, height, channels: channels as Picture['channels'] })
}

function spread(greyAlpha: Picture['data']): Uint8Array {
  const rgba = new Uint8Array(greyAlpha.length * 2)
  for (let from = 0, to = 0; from < greyAlpha.length; from += 2, to += 4) {
    rgba.fill(greyAlpha[from]!, to, to + 3)
    rgba[to + 3] = greyAlpha[from + 1]!
  }
  return rgba
}

/** Four inks as RGB, without a profile, as PIL and browsers do (cmyk2rgb, src/libImaging/Convert.c). */
export function rgbOfCmyk(cmyk: Picture['data'], width: number, height: number): Picture {
  const data = new Uint8Array(width * height * 3)
  for (let from = 0, to = 0; to < data.length; from += 4, to += 3) {
    const light = 255 - cmyk[from + 3]!
    for (let ink = 0; ink < 3; ink++) {
      const product = cmyk[from + ink]! * light + 128
      data[to + ink] = light - (((product >> 8) + product) >> 8)
    }
  }
  return { data, width, height, channels: 3 }
}
