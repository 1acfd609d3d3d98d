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
