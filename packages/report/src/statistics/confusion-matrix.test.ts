import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { checkConfusionMatrix, classScores, confusedPairs, tally } from './confusion-matrix.ts'

// Written by reference/report/golden.py.
const golden = JSON.parse(readFileSync(new URL('../golden/scores.json', import.meta.url), 'utf8')) as {
  counts: number[][]
  precision: (number | null)[]
  recall: number[]
  f1: number[]
  support: number[]
}
const matrix = { classes: ['a', 'b', 'c', 'd', 'e'], counts: golden.counts }

it("equals scikit-learn's precision, recall, F1 and support", () => {
  const scores = classScores(matrix)
  const near = (value: number | null) => (value === null ? Number.NaN : expect.closeTo(value, 12))
  expect(scores.map((score) => score.precision)).toEqual(golden.precision.map(near))
  expect(scores.map((score) => score.recall)).toEqual(golden.recall.map(near))
  expect(scores.map((score) => score.f1)).toEqual(golden.f1.map(near))
  expect(scores.map((score) => score.support)).toEqual(golden.support)
  expect(scores.map((score) => score.name)).toEqual(matrix.classes)
})

it('says that the precision of a class which nothing was taken for is not a number', () => {
  expect(classScores(matrix)[4]?.precision).toBeNaN()
})

it('counts the diagonal and the whole', () => {
  expect(tally(matrix)).toEqual({ correct: 32, total: 60 })
})

it('lists the confused pairs, the most frequent first, equal ones by their share of the class', () => {
  const pairs = confusedPairs(matrix)
  expect(pairs[0]).toEqual({ truth: 'e', predicted: 'd', count: 12, share: 12 / 13 })
  expect(pairs.slice(1, 3).map((pair) => `${pair.truth}${pair.predicted}`)).toEqual(['ba', 'da'])
  expect(pairs.reduce((sum, pair) => sum + pair.count, 0)).toBe(60 - 32)
})

it.each([
  ['a row too few', { classes: ['a', 'b'], counts: [[1, 0]] }, '2 classes but 1 rows'],
  ['a short row', { classes: ['a', 'b'], counts: [[1, 0], [1]] }, 'row 1 has 1 columns'],
  ['a negative count', { classes: ['a'], counts: [[-3]] }, 'holds -3'],
  ['no number', { classes: ['a'], counts: [[Number.NaN]] }, 'holds NaN'],
])('refuses a matrix with %s', (_, bad, said) => {
  expect(() => checkConfusionMatrix(bad)).toThrow(
    expect.objectContaining({ code: 'BAD_MATRIX', message: expect.stringContaining(said) }),
  )
})
