import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Embeddings } from '../embeddings/embeddings.ts'
import { decisionValues, trainSvm } from './train-svm.ts'

interface Case {
  readonly classes: number
  readonly c: number
  readonly standardize: boolean
  readonly objectives: number[]
  readonly decisions: number[][]
}

// Written by reference/transfer/svm.py.
const golden = JSON.parse(readFileSync(new URL('../golden/svm.json', import.meta.url), 'utf8')) as {
  rows: number
  width: number
  cases: Case[]
}
const { rows, width } = golden

const embeddings = (classes: number): Embeddings => ({
  values: Float32Array.from({ length: rows * width }, (_, at) => {
    const [i, j] = [Math.floor(at / width), at % width]
    return Math.sin(12.9898 * (i + 1) + 78.233 * (j + 1)) + (j % 4 === i % classes ? 1 : 0)
  }),
  width,
  labels: Int32Array.from({ length: rows }, (_, i) => i % classes),
  classes: ['a', 'b', 'c', 'd'].slice(0, classes),
})

describe('a linear SVM', () => {
  it.each(golden.cases)(
    "comes to LIBLINEAR's objective and decision values: $classes classes, C $c, standardised $standardize",
    async ({ classes, c, standardize, objectives, decisions }) => {
      const data = embeddings(classes)
      const svm = await trainSvm(data, { c, standardize, tolerance: 1e-6, maxPasses: 50_000 })
      expect(svm.converged).toBe(true)
      expect(svm.objectives).toHaveLength(objectives.length)
      objectives.forEach((objective, k) => {
        expect(Math.abs(svm.objectives[k]! / objective - 1)).toBeLessThan(1e-4)
      })
      const values = decisionValues(svm, data.values)
      const largest = Math.max(...decisions.flat().map(Math.abs))
      decisions.forEach((own, row) => {
        own.forEach((expected, k) => {
          // For two classes scikit-learn gives one value, positive for the second.
          const at = row * classes + (classes === 2 ? 1 : k)
          expect(Math.abs(values[at]! - expected) / largest).toBeLessThan(1e-3)
          if (classes === 2) expect(values[at - 1]).toBeCloseTo(-expected, 2)
        })
      })
    },
  )

  it('comes to the same where there are fewer examples than features', async () => {
    const whole = embeddings(4)
    const few = { ...whole, values: whole.values.slice(0, 8 * width), labels: whole.labels.slice(0, 8) }
    // A feature that is always 0 changes no solution, and four of them for each change how the sums are kept.
    const padded = { ...few, width: width * 5, values: new Float32Array(8 * width * 5) }
    few.values.forEach((value, at) => {
      padded.values[Math.floor(at / width) * padded.width + (at % width)] = value
    })
    const twice = {
      ...few,
      values: Float32Array.from([...few.values, ...few.values]),
      labels: Int32Array.from([...few.labels, ...few.labels]),
    }
    const [byProducts, again] = [await trainSvm(few, { tolerance: 1e-9 }), await trainSvm(padded, { tolerance: 1e-9 })]
    const byWeights = await trainSvm(twice, { c: 0.5, tolerance: 1e-9 }) // each example twice at half the price
    byProducts.objectives.forEach((objective, k) => {
      expect(again.objectives[k]).toBeCloseTo(objective, 6)
      expect(byWeights.objectives[k]).toBeCloseTo(objective, 6)
    })
    byProducts.kernel.forEach((weight, at) => {
      expect(byWeights.kernel[at]).toBeCloseTo(weight, 3)
      expect(again.kernel[at]).toBeCloseTo(weight, 3)
    })
  })

  it('is within the gap that it names of the best there is', async () => {
    const data = embeddings(4)
    const best = golden.cases.find(({ c, classes, standardize }) => c === 30 && classes === 4 && !standardize)!
    const { objectives, gaps, converged } = await trainSvm(data, { c: 30, maxPasses: 5 })
    expect(converged).toBe(false)
    objectives.forEach((objective, k) => {
      const above = (objective - best.objectives[k]!) / objective
      expect(above).toBeGreaterThan(0)
      expect(above).toBeLessThanOrEqual(gaps[k]!)
    })
  })

  it('is the same on each run, and within the tolerance for another seed', async () => {
    const data = embeddings(4)
    const [first, again, other] = await Promise.all([0, 0, 1].map((seed) => trainSvm(data, { seed })))
    expect(again).toEqual(first)
    expect(other!.kernel).not.toEqual(first!.kernel)
    other!.objectives.forEach((objective, k) => {
      expect(objective / first!.objectives[k]!).toBeCloseTo(1, 3)
    })
  })

  it('needs examples of two classes, and can be stopped', async () => {
    const data = embeddings(4)
    await expect(trainSvm({ ...data, classes: [...data.classes, 'empty'] })).rejects.toThrow('no example of empty')
    await expect(trainSvm({ ...data, classes: ['a'] })).rejects.toMatchObject({ code: 'TOO_FEW_CLASSES' })
    await expect(trainSvm(data, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' })
  })
})
