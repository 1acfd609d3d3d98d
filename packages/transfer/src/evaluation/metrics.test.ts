import { expect, it } from 'vitest'
import { classMetrics, confusionMatrix, type EvaluatedPicture, topAccuracy } from './metrics.ts'

const picture = (label: number, probabilities: readonly number[]): EvaluatedPicture => ({
  id: `${label}`,
  label,
  predicted: probabilities.indexOf(Math.max(...probabilities)),
  probabilities,
  loss: -Math.log(probabilities[label]!),
})

const pictures = [
  picture(0, [0.7, 0.2, 0.1]),
  picture(0, [0.3, 0.6, 0.1]),
  picture(1, [0.1, 0.5, 0.4]),
  picture(1, [0.5, 0.2, 0.3]),
  picture(1, [0.2, 0.7, 0.1]),
]

it('counts rows of true classes and columns of predicted ones', () => {
  expect(confusionMatrix(pictures, 3)).toEqual([
    [1, 1, 0],
    [1, 2, 0],
    [0, 0, 0],
  ])
})

it('gives precision, recall and F1 as scikit-learn with zero_division=0', () => {
  // precision_recall_fscore_support([0,0,1,1,1], [0,1,1,0,1], labels=[0,1,2], zero_division=0)
  const [a, b, c] = classMetrics(confusionMatrix(pictures, 3), ['a', 'b', 'c'])
  expect(a).toEqual({ name: 'a', precision: 0.5, recall: 0.5, f1: 0.5, support: 2 })
  expect(b!.precision).toBeCloseTo(2 / 3, 12)
  expect(b!.recall).toBeCloseTo(2 / 3, 12)
  expect(c).toEqual({ name: 'c', precision: 0, recall: 0, f1: 0, support: 0 })
})

it('counts a picture whose class is among the k most probable', () => {
  expect([1, 2, 3].map((k) => topAccuracy(pictures, k))).toEqual([0.6, 0.8, 1])
})
