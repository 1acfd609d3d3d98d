import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-layers' // registers the gradients
import { readFileSync } from 'node:fs'
import { memory, setBackend, type Tensor2D, tensor2d, variable, variableGrads } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { tagFigures, valueFigures } from './figures.ts'
import { binaryCrossEntropy, huber, squaredError } from './losses.ts'

interface Golden {
  readonly logits: number[][]
  readonly tags: number[][]
  readonly values: number[][]
  readonly losses: Record<'tags' | 'squared' | 'huber', { loss: number; gradient: number[][] }>
  readonly tagFigures: Record<'precision' | 'recall' | 'f1' | 'averagePrecision', number[]>
  readonly valueFigures: Record<'meanError' | 'r2', number[]>
}

// Written by reference/transfer/losses.py.
const golden = JSON.parse(readFileSync(new URL('../golden/losses.json', import.meta.url), 'utf8')) as Golden

beforeAll(() => setBackend('cpu'))

const column = (rows: number[][], k: number): number[] => rows.map((row) => row[k]!)

describe('the loss', () => {
  it.each([
    ['tags', golden.tags, binaryCrossEntropy],
    ['squared', golden.values, squaredError],
    ['huber', golden.values, (x: Tensor2D, y: Tensor2D) => huber(x, y, 1.5)],
  ] as const)("of %s is PyTorch's, with its gradient", (name, truth, loss) => {
    const before = memory().numTensors
    const start = tensor2d(golden.logits)
    const x = variable(start)
    const y = tensor2d(truth)
    const { value, grads } = variableGrads(() => loss(x as unknown as Tensor2D, y), [x])
    expect(value.dataSync()[0]).toBeCloseTo(golden.losses[name].loss, 5)
    const expected = golden.losses[name].gradient.flat()
    Object.values(grads)[0]!
      .dataSync()
      .forEach((slope, i) => {
        expect(slope).toBeCloseTo(expected[i]!, 5)
      })
    for (const tensor of [start, x, y, value, ...Object.values(grads)]) tensor.dispose()
    expect(memory().numTensors).toBe(before)
  })
})

describe('the figures', () => {
  it.each([0, 1, 2])("of tag %i are scikit-learn's", (k) => {
    const found = tagFigures('tag', column(golden.logits, k), column(golden.tags, k), 0)
    for (const figure of ['precision', 'recall', 'f1', 'averagePrecision'] as const) {
      expect(found[figure], figure).toBeCloseTo(golden.tagFigures[figure][k]!, 6)
    }
  })

  it.each([0, 1, 2])("of value %i are scikit-learn's", (k) => {
    const found = valueFigures('value', column(golden.logits, k), column(golden.values, k))
    expect(found.meanError).toBeCloseTo(golden.valueFigures.meanError[k]!, 6)
    expect(found.r2).toBeCloseTo(golden.valueFigures.r2[k]!, 6)
    expect(found.rootMeanSquare).toBeGreaterThanOrEqual(found.meanError)
  })

  it('do not divide by zero', () => {
    expect(tagFigures('none', [1, 2], [0, 0], 5)).toMatchObject({ precision: 0, recall: 0, f1: 0, averagePrecision: 0 })
    expect(valueFigures('same', [1, 2], [1, 1]).r2).toBe(0)
  })
})
