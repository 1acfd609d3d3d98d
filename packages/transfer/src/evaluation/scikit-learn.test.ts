import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { summarize } from './evaluate.ts'
import { evaluatedPicture, topAccuracy } from './metrics.ts'
import { mostConfused } from './most-confused.ts'

interface Row {
  readonly precision: number
  readonly recall: number
  readonly 'f1-score': number
  readonly support: number
}

// Written by reference/transfer/metrics.py.
const golden = JSON.parse(readFileSync(new URL('../golden/metrics.json', import.meta.url), 'utf8')) as {
  readonly truth: number[]
  readonly probabilities: number[][]
  readonly accuracy: number
  readonly topK: Record<string, number>
  readonly loss: number
  readonly brier: number
  readonly confusion: number[][]
  readonly perClass: Row[]
  readonly macro: Row
  readonly weighted: Row
  readonly balancedAccuracy: number
  readonly calibration: { confidence: number; accuracy: number; count: number }[]
  readonly calibrationError: number
}

const classes = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
const pictures = golden.truth.map((label, i) => evaluatedPicture(`${i}`, label, golden.probabilities[i]!))
const evaluation = summarize(classes, pictures)
const near = (row: Row): object => ({
  precision: expect.closeTo(row.precision, 12),
  recall: expect.closeTo(row.recall, 12),
  f1: expect.closeTo(row['f1-score'], 12),
})

describe("an evaluation equals scikit-learn's", () => {
  it('accuracy_score, log_loss and brier_score_loss', () => {
    expect(evaluation.accuracy).toBe(golden.accuracy)
    expect(evaluation.loss).toBeCloseTo(golden.loss, 10)
    expect(evaluation.brier).toBeCloseTo(golden.brier, 12)
  })

  it('top_k_accuracy_score', () => {
    for (const [k, share] of Object.entries(golden.topK)) {
      expect(topAccuracy(pictures, Number(k)), `k = ${k}`).toBeCloseTo(share, 12)
    }
    expect(evaluation.top5).toBeCloseTo(golden.topK['5']!, 12)
  })

  it('confusion_matrix', () => {
    expect(evaluation.confusion).toEqual(golden.confusion)
  })

  it('classification_report, for a class without pictures and one that nothing is taken for too', () => {
    expect(evaluation.perClass).toEqual(
      golden.perClass.map((row, i) => ({ name: classes[i], support: row.support, ...near(row) })),
    )
    expect(evaluation.macro).toEqual(near(golden.macro))
    expect(evaluation.weighted).toEqual(near(golden.weighted))
  })

  it('balanced_accuracy_score: the mean recall of the classes that have pictures', () => {
    const recalls = evaluation.perClass.filter(({ support }) => support > 0).map(({ recall }) => recall)
    const mean = recalls.reduce((sum, recall) => sum + recall) / recalls.length
    expect(evaluation.balancedAccuracy).toBeCloseTo(mean, 12)
    expect(evaluation.balancedAccuracy).toBeCloseTo(golden.balancedAccuracy, 12)
  })

  it('calibration_curve, and the error that its bins come to', () => {
    expect(evaluation.calibration).toEqual(
      golden.calibration.map(({ confidence, accuracy, count }) => ({
        confidence: expect.closeTo(confidence, 12),
        accuracy: expect.closeTo(accuracy, 12),
        count,
      })),
    )
    expect(evaluation.calibrationError).toBeCloseTo(golden.calibrationError, 12)
  })
})

describe('mostConfused', () => {
  it('lists the pairs off the diagonal, the most frequent first', () => {
    const pairs = mostConfused(evaluation, 3)
    expect(pairs[0]).toEqual({ truth: 'e', predicted: 'b', count: 7, share: 7 / 25 })
    expect(pairs.map(({ count }) => count)).toEqual([7, 6, 5])
    const all = mostConfused(evaluation, 100)
    expect(all.reduce((sum, { count }) => sum + count, 0)).toBe(evaluation.total - evaluation.correct)
  })
})
