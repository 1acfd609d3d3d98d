// PIL's way to HSV in bytes and back (rgb2hsv_row and hsv2rgb, src/libImaging/Convert.c), 32-bit floats where it has them.
import type { Picture } from '../picture.ts'

/**
 * Turns the colours by `shift` of the circle, -0.5 to 0.5: torchvision's `adjust_hue` on PIL pictures, whose HSV has
 * 8 bits a channel, so a shift of 0 is not quite the identity. Grey pictures and alpha stay.
 */
export function adjustHue(picture: Picture, shift: number): Picture {
  if (picture.channels === 1) return picture
  const data = new Uint8Array(picture.data)
  const turn = Math.trunc(shift * 255)
  const hsv = new Uint8Array(3)
  for (let i = 0; i < data.length; i += picture.channels) {
    const pixel = data.subarray(i, i + 3)
    toHsv(pixel, hsv)
    hsv[0] = hsv[0]! + turn
    fromHsv(hsv, pixel)
  }
  return { ...picture, data }
}

function toHsv(rgb: Uint8Array, hsv: Uint8Array): void {
  const [red, green, blue] = rgb as unknown as [number, number, number]
  const most = Math.max(red, green, blue)
  const range = most - Math.min(red, green, blue)
  hsv[2] = most
  if (range === 0) {
    hsv[0] = 0
    hsv[1] = 0
    return
  }
  const r = Math.fround((most - red) / range)
  const g = Math.fround((most - green) / range)
  const b = Math.fround((most - blue) / range)
  const sixth = Math.fround(red === most ? b - g : green === most ? 2 + r - b : 4 + g - r)
  hsv[0] = Math.fround((sixth / 6 + 1) % 1) * 255
  hsv[1] = Math.fround(range / most) * 255
}

function fromHsv(hsv: Uint8Array, rgb: Uint8Array): void {
  const [hue, saturation, value] = hsv as unknown as [number, number, number]
  const sixths = (hue * 6) / 255
  const sector = Math.floor(sixths)
  const rest = Math.fround(sixths - sector)
  const share = Math.fround(saturation / 255)
  const p = Math.round(value * (1 - share))
  const q = Math.round(value * (1 - Math.fround(share * rest)))
  const t = Math.round(value * (1 - share * (1 - rest)))
  const sectors = [
    [value, t, p],
    [q, value, p],
    [p, value, t],
    [p, q, value],
    [t, p, value],
    [value, p, q],
  ] as const
  rgb.set(sectors[sector % 6]!)
}
