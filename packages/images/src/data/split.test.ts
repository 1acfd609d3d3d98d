import { describe, expect, it } from 'vitest'
import { memoryDataset } from '../testing/memory-dataset.ts'
import { indicesByClass, type PictureDataset } from './dataset.ts'
import { kFold, split } from './split.ts'

const idsOf = (dataset: PictureDataset): string[] => Array.from({ length: dataset.size }, (_, i) => dataset.id(i))
const countsOf = (dataset: PictureDataset): number[] => indicesByClass(dataset).map((members) => members.length)

describe('split', () => {
  const dataset = memoryDataset([40, 10, 3])

  it('holds out the same share of each class, and loses nothing', () => {
    const { train, validation } = split(dataset, { holdOut: 0.2, seed: 1 })
    expect(countsOf(validation)).toEqual([8, 2, 1])
    expect(countsOf(train)).toEqual([32, 8, 2])
    expect([...idsOf(train), ...idsOf(validation)].sort()).toEqual(idsOf(dataset).sort())
    expect(train.classes).toEqual(dataset.classes)
  })

  it('depends on the seed alone', () => {
    const held = (seed: number): string[] => idsOf(split(dataset, { seed }).validation)
    expect(held(5)).toEqual(held(5))
    expect(held(5)).not.toEqual(held(6))
  })

  it('reads the pictures that it names', async () => {
    const { validation } = split(dataset)
    const picture = await validation.picture(3)
    expect(`p${picture.data[0]}`).toBe(validation.id(3))
    await expect(validation.picture(99)).rejects.toMatchObject({ code: 'OUT_OF_RANGE' })
  })

  it('always leaves a picture on both sides, and refuses what cannot be split', () => {
    expect(countsOf(split(memoryDataset([2, 2]), { holdOut: 0.01 }).validation)).toEqual([1, 1])
    expect(countsOf(split(memoryDataset([2, 2]), { holdOut: 0.99 }).train)).toEqual([1, 1])
    expect(() => split(memoryDataset([4, 1]))).toThrow('The class "class 1" has 1 of the 2 pictures')
    expect(() => split(dataset, { holdOut: 1 })).toThrow('holdOut is 1')
  })
})

describe('kFold', () => {
  it('holds each picture out exactly once, each class evenly', () => {
    const dataset = memoryDataset([10, 7, 8])
    const folds = kFold(dataset, { folds: 5, seed: 2 })
    expect(folds.flatMap(({ validation }) => idsOf(validation)).sort()).toEqual(idsOf(dataset).sort())
    for (const { train, validation } of folds) {
      expect(validation.size).toBe(5)
      expect(countsOf(validation)[0]).toBe(2)
      expect(new Set([...idsOf(train), ...idsOf(validation)]).size).toBe(25)
    }
  })

  it('refuses fewer pictures in a class than folds', () => {
    expect(() => kFold(memoryDataset([10, 3]), { folds: 4 })).toThrow('"class 1" has 3 of the 4 pictures')
    expect(() => kFold(memoryDataset([10, 3]), { folds: 1 })).toThrow('at least 2')
  })
})
