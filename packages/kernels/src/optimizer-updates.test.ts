import '@tensorflow/tfjs-backend-cpu'
import { dispose, memory, setBackend, type Tensor, tensor1d } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { adamUpdate, rmsPropUpdate, sgdUpdate } from './index.ts'

beforeAll(() => setBackend('cpu'))

const inputs = (): Record<'weight' | 'gradient' | 'velocity' | 'mean' | 'square', Tensor> => ({
  weight: tensor1d([1, -2]),
  gradient: tensor1d([0.5, 4]),
  velocity: tensor1d([2, -1]),
  mean: tensor1d([2, -1]),
  square: tensor1d([4, 9]),
})

const closeTo = (tensors: Tensor[], expected: number[][]): void => {
  expect(tensors).toHaveLength(expected.length)
  tensors.forEach((tensor, i) => {
    tensor.dataSync().forEach((value, at) => {
      expect(value).toBeCloseTo(expected[i]![at]!, 5)
    })
  })
}

// Worked out by hand from the formulas in the doc comments.
describe('the updates of optimizers', () => {
  const sgd = { momentum: 0.5, gain: 1, pull: 0.1, coupled: 0, kept: 1, nesterov: false }

  it('SgdUpdate follows the velocity', () => {
    closeTo(sgdUpdate(inputs(), sgd), [
      [0.85, -2.35],
      [1.5, 3.5],
    ])
  })

  it('SgdUpdate looks ahead', () => {
    closeTo(sgdUpdate(inputs(), { ...sgd, nesterov: true }), [
      [0.875, -2.575],
      [1.5, 3.5],
    ])
  })

  it('SgdUpdate decays through the rule, or beside it', () => {
    closeTo(sgdUpdate(inputs(), { ...sgd, coupled: 0.5, gain: 2 }), [
      [0.7, -2.55],
      [3, 5.5],
    ])
    closeTo(sgdUpdate(inputs(), { ...sgd, kept: 0.5 }), [
      [0.35, -1.35],
      [1.5, 3.5],
    ])
  })

  it('AdamUpdate follows the mean over the root of the mean square', () => {
    const attributes = { beta1: 0.5, beta2: 0.75, epsilon: 1, pull: 0.1, coupled: 0, kept: 1 }
    // mean [1.25, 1.5]; square [3.0625, 10.75]
    closeTo(adamUpdate(inputs(), attributes), [
      [1 - 0.125 / 2.75, -2 - 0.15 / (Math.sqrt(10.75) + 1)],
      [1.25, 1.5],
      [3.0625, 10.75],
    ])
  })

  it.each([
    [true, Math.sqrt(3.0625 + 1), Math.sqrt(10.75 + 1)],
    [false, 2.75, Math.sqrt(10.75) + 1],
  ])('RmsPropUpdate has epsilon inside the root: %s', (epsilonInside, first, second) => {
    const attributes = { rho: 0.75, momentum: 0.5, epsilon: 1, epsilonInside, gain: 2, pull: 0.1, coupled: 0, kept: 1 }
    const steps = [1 / first, 8 / second] as const
    const { velocity, ...without } = inputs()
    closeTo(rmsPropUpdate(without, attributes), [
      [1 - 0.1 * steps[0], -2 - 0.1 * steps[1]],
      [3.0625, 10.75],
    ])
    closeTo(rmsPropUpdate({ ...without, velocity }, attributes), [
      [1 - 0.1 * (1 + steps[0]), -2 - 0.1 * (-0.5 + steps[1])],
      [3.0625, 10.75],
      [1 + steps[0], -0.5 + steps[1]],
    ])
  })

  it('leave what they are given as it was, and nothing behind but their results', () => {
    const given = inputs()
    const before = memory().numTensors
    const { weight, gradient, mean, square } = given
    const adam = { beta1: 0.5, beta2: 0.75, epsilon: 1, pull: 0.1, coupled: 0.1, kept: 0.9 }
    dispose(adamUpdate({ weight, gradient, mean, square }, adam))
    dispose(sgdUpdate(given, sgd))
    expect(memory().numTensors).toBe(before)
    closeTo(
      Object.values(given),
      Object.values(inputs()).map((tensor) => [...tensor.dataSync()]),
    )
  })
})
