import { describe, expect, it } from 'vitest'
import type { Box } from '../picture.ts'
import { golden, HOW_TO_UPDATE, largestDifference, pictureOf, type StoredPicture } from '../testing/golden.ts'
import { noise, plain } from '../testing/pictures.ts'
import type { Filter } from './filters.ts'
import { resize } from './resize.ts'

interface Case {
  readonly picture: string
  readonly filter: Filter
  readonly box?: Box | null
  readonly result: StoredPicture
}

interface Goldens {
  readonly pillow: string
  readonly pictures: Record<string, StoredPicture>
  readonly cases: readonly Case[]
  readonly withoutAntialias: Case
}

const { cases, pictures, withoutAntialias } = golden<Goldens>('resize')
const named = (name: string) => pictureOf(pictures[name]!)

describe('resize', () => {
  it.each(cases)('equals PIL to the bit: $picture, $filter, to $result.width x $result.height', (golden) => {
    const { width, height } = golden.result
    const options = { width, height, filter: golden.filter, ...(golden.box ? { box: golden.box } : {}) }
    const resized = resize(named(golden.picture), options)
    expect(largestDifference(resized.data, pictureOf(golden.result).data), HOW_TO_UPDATE).toBe(0)
    expect(resized).toMatchObject({ width, height, channels: golden.result.channels })
  })

  it('reads only neighbours without antialiasing, as PIL does when it samples', () => {
    const { width, height } = withoutAntialias.result
    const source = named(withoutAntialias.picture)
    const expected = pictureOf(withoutAntialias.result).data
    const sampled = resize(source, { width, height, filter: 'bilinear', antialias: false })
    expect(largestDifference(sampled.data, expected), HOW_TO_UPDATE).toBeLessThanOrEqual(1)
    const smoothed = resize(source, { width, height, filter: 'bilinear' })
    expect(largestDifference(smoothed.data, expected)).toBeGreaterThan(30)
  })

  it('returns the picture itself where nothing changes, and leaves its bytes alone', () => {
    const picture = noise(8, 6, 4)
    const before = picture.data.slice()
    expect(resize(picture, { width: 8, height: 6, filter: 'bicubic' })).toBe(picture)
    resize(picture, { width: 5, height: 9, filter: 'lanczos' })
    expect(picture.data).toEqual(before)
  })

  it('does not let the colour under transparent pixels bleed', () => {
    const half = plain(8, 8, [255, 0, 0, 0])
    const data = half.data.slice()
    for (let i = 0; i < data.length; i += 8) data.set([0, 0, 255, 255], i)
    const { data: shrunk } = resize({ ...half, data }, { width: 4, height: 4, filter: 'box' })
    expect([...shrunk.subarray(0, 4)]).toEqual([0, 0, 255, 128])
  })

  it('reads clamped bytes and parts of buffers like any others', () => {
    const picture = noise(9, 7)
    const part = new Uint8Array(picture.data.length + 5)
    part.set(picture.data, 5)
    const options = { width: 4, height: 5, filter: 'bilinear' } as const
    const expected = resize(picture, options).data
    expect(resize({ ...picture, data: part.subarray(5) }, options).data).toEqual(expected)
    expect(resize({ ...picture, data: new Uint8ClampedArray(picture.data) }, options).data).toEqual(expected)
  })

  it('refuses sizes, boxes and pictures that make no sense', () => {
    const picture = noise(4, 4)
    const half = { width: 2, height: 2, filter: 'box' } as const
    expect(() => resize(picture, { ...half, width: 1.5 })).toThrow('Cannot resize to 1.5 x 2')
    expect(() => resize(picture, { ...half, height: 0 })).toThrow(expect.objectContaining({ code: 'INVALID_SIZE' }))
    expect(() => resize(picture, { ...half, box: [0, 0, 5, 4] })).toThrow('inside a picture of 4 x 4')
    expect(() => resize({ ...picture, width: 3 }, half)).toThrow('takes 36 bytes, not 48')
  })
})
