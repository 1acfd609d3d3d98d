import '@tensorflow/tfjs-backend-cpu'
import type { Box, Picture } from '@cnnkit/images'
import { setBackend } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { type ActivationMap, bestIou, gradCam, iou, localizationError, localize, peakOf, pointsAt } from './index.ts'
import { golden } from './testing/metrics-golden.ts'
import { brightPatch, planted } from './testing/planted.ts'

const map = (rows: readonly (readonly number[])[], box: Box): ActivationMap => {
  const values = Float32Array.from(rows.flat())
  const [height, width] = [rows.length, rows[0]!.length]
  const empty = values.every((value) => value === 0)
  return { values, height, width, method: 'test', layer: 'stage1', target: 0, empty, box }
}

const near = (found: Box, expected: Box, by: number): void => {
  for (const [i, side] of found.entries()) expect(Math.abs(side - expected[i]!), `[${found}]`).toBeLessThanOrEqual(by)
}

beforeAll(() => setBackend('cpu'))

describe('localize', () => {
  it.each(golden.boxes.map((row) => [`${row.cells} to ${row.size}`, row] as const))(
    'finds the parts that OpenCV finds: %s',
    (_, { values, cells, size, parts }) => {
      const smooth = { ...map([values], [0, 0, size[1], size[0]]), height: cells[0], width: cells[1] }
      // A pixel, or a 256th of the crop.
      const by = 1 + Math.max(0, Math.max(...size) / 256 - 1)
      const thresholds = { share: 0.2, half: 0.5, otsu: 'otsu', percentile: { percentile: 80 } } as const
      for (const [name, threshold] of Object.entries(thresholds)) {
        const expected = parts[name as keyof typeof parts]
        const found = localize(smooth, { threshold, components: 'all' })
        expect(found.length, name).toBe(expected.length)
        for (const [i, { box, area }] of found.entries()) {
          // Values a rounding away from the threshold may fall on either side of it.
          near(box, expected[i]!.slice(0, 4) as unknown as Box, by)
          expect(Math.abs(area - expected[i]![4]!)).toBeLessThanOrEqual(2 + expected[i]![4]! / 50)
        }
      }
    },
  )

  it.each([
    ['square', 16, 16, 4, 8],
    ['wide', 64, 16, 36, 4],
    ['wide, in the crop’s corner', 64, 16, 24, 0],
    ['tall', 16, 80, 4, 40],
    ['wide and large', 320, 80, 180, 40],
  ])('finds what was planted in a picture that is %s', async (_, width, height, left, top) => {
    const side = Math.min(width, height) / 4
    const picture = brightPatch({ left, top, width, height, side })
    const found = localize(await gradCam(planted(), picture, { target: 1 }), { threshold: 0.5 })
    expect(found).toHaveLength(1)
    // The network's cells are an eighth of the crop; between two of them the map is interpolated.
    near(found[0]!.box, [left, top, left + side, top + side], Math.min(width, height) / 16)
  })

  it('keeps the pictures of a batch apart', async () => {
    const places = [
      { left: 0, top: 0, width: 16, height: 16 },
      { left: 32, top: 8, width: 64, height: 16 },
      { left: 8, top: 36, width: 16, height: 64 },
    ]
    const pictures: Picture[] = places.map((place) => brightPatch({ ...place, side: 4 }))
    const maps = await gradCam(planted(), pictures, { target: 1 })
    for (const [i, { left, top }] of places.entries()) {
      const [found] = localize(maps[i]!, { threshold: 0.5 })
      near(found!.box, [left, top, left + 4, top + 4], 1)
      expect(pointsAt(maps[i]!, [[left, top, left + 4, top + 4]])).toBe(true)
    }
  })

  it('gives the largest part, or all of them, by size', () => {
    const two = map(
      [
        [1, 0, 0, 0, 0, 0],
        [0, 0, 0, 0.9, 0.9, 0],
        [0, 0, 0, 0.9, 0.9, 0],
        [0, 0, 0, 0, 0, 0],
      ],
      [100, 50, 160, 90],
    )
    const all = localize(two, { threshold: 0.5, components: 'all' })
    expect(all).toHaveLength(2)
    expect(all[0]!.area).toBeGreaterThan(all[1]!.area)
    expect(all[1]!.peak).toBe(1)
    expect(localize(two, { threshold: 0.5 })).toEqual([all[0]])
    near(all[0]!.box, [130, 60, 150, 80], 5)
  })

  it('does not join what touches at a corner only', () => {
    const corners = map(
      [
        [1, 0],
        [0, 1],
      ].flatMap((row) => [row.flatMap((v) => [v, v])]),
      [0, 0, 4, 2],
    )
    expect(localize(corners, { threshold: 0.6, components: 'all' })).toHaveLength(2)
  })

  it('finds nothing in an empty map, and all where the map is the same all over', () => {
    expect(localize(map([[0, 0]], [0, 0, 10, 5]))).toEqual([])
    expect(localize(map([[1, 1]], [0, 0, 10, 5]))[0]!.box).toEqual([0, 0, 10, 5])
    expect(localize(map([[1, 1]], [0, 0, 10, 5]), { threshold: 1 })[0]!.box).toEqual([0, 0, 10, 5])
    expect(peakOf(map([[0, 0]], [0, 0, 10, 5]))).toBeUndefined()
  })

  it('stays within the crop of a picture of many pixels, and is quick', () => {
    const started = performance.now()
    const [found] = localize(
      map(
        [
          [0, 1],
          [0, 0],
        ],
        [1000, 0, 5000, 4000],
      ),
      { threshold: 0.5 },
    )
    expect(performance.now() - started).toBeLessThan(2000)
    near(found!.box, [3000, 0, 5000, 2000], 20)
  })

  it.each([
    [1.2, 'The threshold is 1.2. A share of the maximum lies between 0 and 1.'],
    [Number.NaN, 'The threshold is NaN'],
    [{ percentile: 101 }, 'The threshold is 101. A percentile lies between 0 and 100.'],
  ])('refuses the threshold %j', (threshold, message) => {
    expect(() => localize(map([[0, 1]], [0, 0, 2, 1]), { threshold })).toThrow(message)
  })
})

describe('boxes', () => {
  it('overlap by what they have in common over what they cover', () => {
    expect(iou([0, 0, 2, 2], [0, 0, 2, 2])).toBe(1)
    expect(iou([0, 0, 2, 2], [1, 0, 3, 2])).toBeCloseTo(1 / 3)
    expect(iou([0, 0, 2, 2], [2, 0, 4, 2])).toBe(0)
    expect(iou([0, 0, 0, 0], [0, 0, 0, 0])).toBe(0)
    expect(
      bestIou(
        [0, 0, 2, 2],
        [
          [5, 5, 6, 6],
          [1, 0, 3, 2],
        ],
      ),
    ).toBeCloseTo(1 / 3)
    expect(bestIou(undefined, [[0, 0, 1, 1]])).toBe(0)
  })

  it('count as errors where they fit no true box', () => {
    const truths: Box[][] = [
      [[0, 0, 2, 2]],
      [[0, 0, 2, 2]],
      [
        [9, 9, 10, 10],
        [0, 0, 2, 2],
      ],
      [[0, 0, 1, 1]],
    ]
    const found: (Box | undefined)[] = [[0, 0, 2, 2], [1, 0, 3, 2], [0, 0, 2, 3], undefined]
    expect(localizationError(found, truths)).toBe(0.5)
    expect(localizationError(found, truths, 0.3)).toBe(0.25)
  })

  it('are pointed at by the middle of the strongest cell, within a tolerance', () => {
    const corner = map(
      [
        [0, 1],
        [0, 0],
      ],
      [100, 0, 120, 20],
    )
    expect(peakOf(corner)).toEqual([115, 5])
    expect(pointsAt(corner, [[110, 0, 120, 10]])).toBe(true)
    expect(pointsAt(corner, [[0, 0, 100, 20]])).toBe(false)
    expect(pointsAt(corner, [[0, 0, 100, 20]], 15)).toBe(false)
    expect(pointsAt(corner, [[0, 0, 101, 20]], 15)).toBe(true)
    expect(pointsAt(map([[0, 0]], [0, 0, 2, 1]), [[0, 0, 2, 1]])).toBe(false)
  })
})
