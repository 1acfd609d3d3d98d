import '@tensorflow/tfjs-backend-cpu'
import { readFileSync } from 'node:fs'
import { wasm } from '@cnnkit/backend-wasm'
import { setBackend, tensor1d, tensor2d } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { colours } from '../toy.fixture.ts'
import { classWeightsOf } from './class-weights.ts'
import { crossEntropy } from './loss.ts'

// log-softmax of [2, 0, 0] is [-0.2395, -2.2395, -2.2395]; of [0, 1, 0] it is [-1.5514, -0.5514, -1.5514]
const logits = () =>
  tensor2d([
    [2, 0, 0],
    [0, 1, 0],
  ])
const labels = () => tensor1d([0, 2], 'int32')

interface Golden {
  readonly logits: number[][]
  readonly labels: number[]
  readonly weights: number[]
  readonly losses: { smoothing: number; weighted: boolean; loss: number }[]
}

// Written by reference/transfer/class_weights.py.
const golden = JSON.parse(readFileSync(new URL('../golden/class-weights.json', import.meta.url), 'utf8')) as Golden

describe.each([
  ['cpu', () => setBackend('cpu')],
  ['wasm', () => wasm({ threads: 1 }).start()],
] as const)('crossEntropy on %s', (_name, start) => {
  it('is the mean of what the true classes lack, worked out by hand', async () => {
    await start()
    const [x, y] = [logits(), labels()]
    expect((await crossEntropy(x, y).data())[0]).toBeCloseTo((0.23954 + 1.55144) / 2, 4)
  })

  it('spreads a share of each label over all classes', async () => {
    await start()
    const spread = (0.23954 + 2.23954 * 2 + 1.55144 * 2 + 0.55144) / 3 / 2
    const expected = 0.9 * ((0.23954 + 1.55144) / 2) + 0.1 * spread
    expect((await crossEntropy(logits(), labels(), 0.1).data())[0]).toBeCloseTo(expected, 4)
  })

  it.each(golden.losses)('is that of Keras: $smoothing smoothed, weighted: $weighted', async (expected) => {
    await start()
    const truth = tensor1d(golden.labels, 'int32')
    const weights = expected.weighted ? tensor1d(golden.weights) : undefined
    const value = crossEntropy(tensor2d(golden.logits), truth, expected.smoothing, weights)
    expect(Math.abs((await value.data())[0]! - expected.loss)).toBeLessThan(1e-6)
  })
})

describe('class weights', () => {
  it('are balanced as scikit-learn has it', () => {
    const data = { ...colours(8), label: (i: number) => (i < 5 ? 0 : i < 7 ? 1 : 2) }
    expect(classWeightsOf(data, 'balanced')).toEqual([8 / 15, 8 / 6, 8 / 3])
  })

  it('are given in order or by name', () => {
    expect(classWeightsOf(colours(3), [1, 2, 3])).toEqual([1, 2, 3])
    expect(classWeightsOf(colours(3), { green: 2 })).toEqual([1, 2, 1])
  })

  it.each([[[1, 2]], [{ violet: 1 }], [[1, 2, Number.NaN]], [[1, 2, -1]]])('are not %o', (weights) => {
    expect(() => classWeightsOf(colours(3), weights as number[])).toThrow('The class weights are')
  })
})
