import { describe, expect, it } from 'vitest'
import { plain } from '../testing/pictures.ts'
import { subset } from './dataset.ts'
import { kFold, split } from './split.ts'
import { type TargetDataset, targetDataset } from './targets.ts'

const rows = (targets: readonly (readonly number[])[]): TargetDataset =>
  targetDataset({
    names: ['sunny', 'windy'],
    items: targets.map((target, i) => ({ id: `p${i}`, target, read: async () => plain(2, 2, [i, i, i]) })),
  })

describe('a data set of targets', () => {
  it('has a number for each name in place of a class, in its parts too', async () => {
    const dataset = rows([
      [1, 0],
      [0, 1],
      [0, 0],
    ])
    expect(dataset.classes).toEqual(['sunny', 'windy'])
    expect(dataset.target(1)).toEqual([0, 1])
    expect(subset(dataset, [2, 1]).target!(1)).toEqual([0, 1])
    expect((await dataset.picture(2)).data[0]).toBe(2)
  })

  it('is split as one, whatever its tags', () => {
    const dataset = rows(Array.from({ length: 10 }, (_, i) => [i === 0 ? 1 : 0, i]))
    const { train, validation } = split(dataset, { holdOut: 0.3, seed: 1 })
    expect([train.size, validation.size]).toEqual([7, 3])
    const seen = [train, validation].flatMap((part) => Array.from({ length: part.size }, (_, i) => part.target!(i)[1]))
    expect(seen.sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(kFold(dataset, { folds: 5 }).map((fold) => fold.validation.size)).toEqual([2, 2, 2, 2, 2])
  })

  it('needs a number for each name', () => {
    expect(() => rows([[1]])).toThrow('"p0" has the numbers 1; it needs one for each of sunny, windy.')
    expect(() => rows([[1, Number.NaN]])).toThrow('"p0" has the numbers 1, NaN')
  })
})
