import { describe, expect, it } from 'vitest'
import { crop, type Picture } from '../picture.ts'
import { resize } from '../resize/resize.ts'
import { noise, plain } from '../testing/pictures.ts'
import { type Augmentation, compose } from './augmentation.ts'
import { colorJitter } from './color-jitter.ts'
import { cutout } from './cutout.ts'
import { flip, mirror } from './flip.ts'
import { pcaLighting } from './lighting.ts'
import { random } from './random.ts'
import { randomBox, randomResizedCrop } from './random-resized-crop.ts'

const all: Record<string, Augmentation> = {
  flip: flip(),
  randomResizedCrop: randomResizedCrop({ size: [12, 16] }),
  colorJitter: colorJitter({ brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1 }),
  pcaLighting: pcaLighting(),
  cutout: cutout({ fraction: 0.5 }),
}

describe.each(Object.entries(all))('%s', (_, augment) => {
  it.each([1, 3, 4] as const)('is a pure function of picture and seed, with %d channels', (channels) => {
    const picture = noise(23, 17, channels)
    const before = picture.data.slice()
    const results = Array.from({ length: 12 }, (_, seed) => augment(picture, random(seed)))
    expect(picture.data).toEqual(before)
    expect(results.map(({ data }) => data)).toEqual(
      Array.from({ length: 12 }, (_, seed) => augment(picture, random(seed)).data),
    )
    for (const { data, width, height, channels: kept } of results) {
      expect(kept).toBe(channels)
      expect(data.length).toBe(width * height * channels)
    }
  })
})

describe('flip', () => {
  it('mirrors about every second picture, and always or never where told', () => {
    const picture = noise(5, 4)
    const rng = random(2)
    const mirrored = Array.from({ length: 1000 }, () => flip()(picture, rng)).filter((result) => result !== picture)
    expect(Math.abs(mirrored.length - 500)).toBeLessThan(60)
    expect(flip(0)(picture, rng)).toBe(picture)
    expect(flip(1)(picture, rng).data).toEqual(mirror(picture).data)
    expect(mirror(mirror(picture)).data).toEqual(picture.data)
    expect([...mirror(picture).data.subarray(0, 3)]).toEqual([...picture.data.subarray(12, 15)])
  })
})

describe('randomResizedCrop', () => {
  it('is a crop and then a resize: nothing outside the crop bleeds in', () => {
    const picture = noise(40, 30)
    const box = randomBox([40, 30], random(9), [0.2, 0.5], [3 / 4, 4 / 3])
    const expected = resize(crop(picture, box), { width: 8, height: 8, filter: 'bicubic' })
    const augment = randomResizedCrop({ size: 8, scale: [0.2, 0.5], filter: 'bicubic' })
    expect(augment(picture, random(9))).toEqual(expected)
    expect(augment.size).toEqual([8, 8])
  })

  it('draws areas evenly and ratios within their bounds', () => {
    const rng = random(3)
    const boxes = Array.from({ length: 2000 }, () => randomBox([400, 400], rng, [0.1, 0.5], [0.5, 2]))
    const areas = boxes.map(([left, top, right, bottom]) => ((right - left) * (bottom - top)) / 160_000)
    const ratios = boxes.map(([left, top, right, bottom]) => (right - left) / (bottom - top))
    expect(Math.min(...areas)).toBeGreaterThan(0.095)
    expect(Math.max(...areas)).toBeLessThan(0.505)
    expect(areas.reduce((sum, area) => sum + area) / areas.length).toBeCloseTo(0.3, 1)
    expect(Math.min(...ratios)).toBeGreaterThan(0.49)
    expect(Math.max(...ratios)).toBeLessThan(2.03)
    expect(ratios.filter((ratio) => ratio > 1).length / 2000).toBeCloseTo(0.5, 1)
  })

  it('falls back to the largest centred box where no drawn one fits', () => {
    expect(randomBox([100, 10], random(1), [1, 1], [3 / 4, 4 / 3])).toEqual([43, 0, 56, 10])
    expect(randomBox([10, 100], random(1), [1, 1], [3 / 4, 4 / 3])).toEqual([0, 43, 10, 56])
    expect(randomBox([10, 10], random(1), [1, 1], [1, 1])).toEqual([0, 0, 10, 10])
  })
})

describe('colorJitter', () => {
  it('changes brightness by a factor within its bounds', () => {
    const factors = Array.from({ length: 200 }, (_, seed) => {
      const { data } = colorJitter({ brightness: 0.5 })(plain(2, 2, [100, 100, 100]), random(seed))
      return data[0]! / 100
    })
    expect(Math.min(...factors)).toBeGreaterThanOrEqual(0.49)
    expect(Math.max(...factors)).toBeLessThanOrEqual(1.5)
    expect(Math.max(...factors) - Math.min(...factors)).toBeGreaterThan(0.8)
  })

  it('leaves the picture as it is where nothing is asked for', () => {
    const picture = noise(4, 4)
    expect(colorJitter({})(picture, random(0))).toBe(picture)
  })
})

describe('pcaLighting', () => {
  it('adds one colour to all pixels, mostly along the brightness', () => {
    const shifts = Array.from({ length: 300 }, (_, seed) => {
      const { data } = pcaLighting()(plain(3, 1, [128, 128, 128]), random(seed))
      expect([...data.subarray(0, 3)]).toEqual([...data.subarray(3, 6)])
      return data[0]! - 128
    })
    const deviation = Math.sqrt(shifts.reduce((sum, shift) => sum + shift * shift, 0) / shifts.length)
    // 255 * 0.1 * |(0.5675 * 0.2175, 0.7192 * 0.0188, 0.4009 * 0.0045)|
    expect(deviation).toBeGreaterThan(2.8)
    expect(deviation).toBeLessThan(3.6)
  })
})

describe('cutout', () => {
  it('covers a square of the side it was given, cut where it stands out', () => {
    const white = plain(20, 20, [255, 255, 255])
    const covered = (picture: Picture): number => picture.data.filter((value) => value === 7).length / 3
    const counts = Array.from({ length: 200 }, (_, s) => covered(cutout({ fraction: 0.5, fill: 7 })(white, random(s))))
    expect(Math.max(...counts)).toBe(100)
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(25)
    expect(Math.min(...counts)).toBeLessThan(60)
  })
})

describe('compose', () => {
  it('applies one after the other with one stream', () => {
    const picture = noise(20, 20)
    const both = compose([flip(1), randomResizedCrop({ size: 8 })])
    const rng = random(4)
    const expected = randomResizedCrop({ size: 8 })(flip(1)(picture, rng), rng)
    expect(both(picture, random(4))).toEqual(expected)
  })

  it('frames the picture where a part of it does', () => {
    expect(compose([flip(), randomResizedCrop({ size: 8 }), colorJitter({})]).size).toEqual([8, 8])
    expect(compose([flip()]).size).toBeUndefined()
  })
})

it('refuses options that make no sense, with what to give', () => {
  expect(() => flip(2)).toThrow('flip takes a probability from 0 to 1, not 2')
  expect(() => randomResizedCrop({ size: 0 })).toThrow('one number or [height, width], not 0')
  expect(() => randomResizedCrop({ size: 8, scale: [0, 1] })).toThrow('scale')
  expect(() => randomResizedCrop({ size: 8, ratio: [2, 1] })).toThrow('ratio')
  expect(() => colorJitter({ hue: 0.7 })).toThrow('hue from 0 to 0.5, not 0.7')
  expect(() => cutout({ fraction: 0 })).toThrow(expect.objectContaining({ code: 'INVALID_AUGMENTATION' }))
  expect(() => pcaLighting(-1)).toThrow('at least 0, not -1')
})
