import { describe, expect, it } from 'vitest'
import { crop, toGrey, toRgb } from './picture.ts'
import { bytesOf, golden, HOW_TO_UPDATE, pictureOf, type StoredPicture } from './testing/golden.ts'
import { noise } from './testing/pictures.ts'

describe('crop', () => {
  it('copies the pixels inside the box', () => {
    const picture = { data: Uint8Array.from({ length: 12 }, (_, i) => i), width: 4, height: 3, channels: 1 } as const
    expect(crop(picture, [1, 1, 3, 3])).toEqual({ data: Uint8Array.of(5, 6, 9, 10), width: 2, height: 2, channels: 1 })
  })

  it('refuses a box that is outside, empty or not of whole pixels', () => {
    for (const box of [
      [0, 0, 5, 3],
      [2, 0, 2, 3],
      [0, 0.5, 2, 2],
      [-1, 0, 2, 2],
    ] as const) {
      expect(() => crop(noise(4, 3), box)).toThrow(expect.objectContaining({ code: 'INVALID_BOX' }))
    }
  })
})

describe('toRgb', () => {
  it('lays alpha over white', () => {
    const data = Uint8Array.of(10, 20, 30, 255, 10, 20, 30, 0, 0, 100, 255, 51)
    const { data: rgb } = toRgb({ data, width: 3, height: 1, channels: 4 })
    expect([...rgb]).toEqual([10, 20, 30, 255, 255, 255, 204, 224, 255])
  })

  it('repeats grey and returns RGB as it is', () => {
    const grey = { data: Uint8Array.of(7, 200), width: 2, height: 1, channels: 1 } as const
    expect([...toRgb(grey).data]).toEqual([7, 7, 7, 200, 200, 200])
    const rgb = noise(3, 3)
    expect(toRgb(rgb)).toBe(rgb)
  })
})

describe('toGrey', () => {
  it('equals PIL in mode L', () => {
    const { picture, grey } = golden<{ picture: StoredPicture; grey: string }>('color')
    expect(toGrey(pictureOf(picture)).data, HOW_TO_UPDATE).toEqual(bytesOf(grey))
  })
})
