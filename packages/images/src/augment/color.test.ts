import { describe, expect, it } from 'vitest'
import type { Picture } from '../picture.ts'
import { bytesOf, golden, HOW_TO_UPDATE, pictureOf, type StoredPicture } from '../testing/golden.ts'
import { noise } from '../testing/pictures.ts'
import { adjustBrightness, adjustContrast, adjustSaturation } from './color.ts'
import { adjustHue } from './hue.ts'

interface Goldens {
  readonly picture: StoredPicture
  readonly cases: readonly { readonly change: string; readonly amount: number; readonly result: string }[]
}

const changes: Record<string, (picture: Picture, amount: number) => Picture> = {
  brightness: adjustBrightness,
  contrast: adjustContrast,
  saturation: adjustSaturation,
  hue: adjustHue,
}
const { picture, cases } = golden<Goldens>('color')

describe('colour adjustments', () => {
  it.each(cases)('equal PIL to the bit: $change $amount', ({ change, amount, result }) => {
    expect(changes[change]!(pictureOf(picture), amount).data, HOW_TO_UPDATE).toEqual(bytesOf(result))
  })

  it('leave alpha, and pictures without colour where they only touch colour', () => {
    const rgba = noise(5, 5, 4)
    const alpha = (of: Picture): number[] => [...of.data].filter((_, i) => i % 4 === 3)
    for (const change of Object.values(changes)) {
      expect(alpha(change(rgba, 0.4))).toEqual(alpha(rgba))
      expect(change(rgba, 0.4).data).not.toEqual(rgba.data)
    }
    const grey = noise(5, 5, 1)
    expect(adjustSaturation(grey, 0)).toBe(grey)
    expect(adjustHue(grey, 0.3)).toBe(grey)
    expect(adjustBrightness(grey, 0).data.every((value) => value === 0)).toBe(true)
  })
})
