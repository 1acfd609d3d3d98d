import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-layers' // registers the gradients of TensorFlow.js' own kernels
import {
  add,
  div,
  memory,
  moments,
  mul,
  randomNormal,
  scalar,
  setBackend,
  sqrt,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  tensor,
  tensor1d,
  tidy,
  valueAndGrads,
} from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { batchNormTraining } from './index.ts'

beforeAll(() => setBackend('cpu'))

const relativeError = (a: Tensor, b: Tensor): number => {
  const [x, y] = [a.dataSync(), b.dataSync()]
  let [worst, largest] = [0, 0]
  for (let i = 0; i < x.length; i++) {
    worst = Math.max(worst, Math.abs(x[i]! - y[i]!))
    largest = Math.max(largest, Math.abs(y[i]!))
  }
  return worst / largest
}

describe('batchNormTraining', () => {
  it('normalises by the population variance, worked out by hand', () => {
    // mean 2, population variance 1; one channel
    const x = tensor([1, 3, 1, 3], [4, 1])
    const { y, mean, variance } = batchNormTraining(x, tensor1d([2]), tensor1d([10]), 0)
    expect([...y.dataSync()]).toEqual([8, 12, 8, 12])
    expect([...mean.dataSync()]).toEqual([2])
    expect([...variance.dataSync()]).toEqual([1])
  })

  it('gives beta for a single value a channel, as its variance is zero', () => {
    const { y, variance } = batchNormTraining(tensor([[5, 7]]), tensor1d([2, 2]), tensor1d([1, 3]), 1e-3)
    expect([...y.dataSync()]).toEqual([1, 3])
    expect([...variance.dataSync()]).toEqual([0, 0])
  })

  it('has the gradient that TensorFlow.js derives for the written-out formula', () => {
    const x = randomNormal([4, 5, 5, 3], 2, 3, 'float32', 1)
    const gamma = tensor1d([0.5, 1, 2])
    const beta = tensor1d([1, 0, -1])
    const direction = randomNormal([4, 5, 5, 3], 0, 1, 'float32', 2)
    const loss = (y: Tensor): Tensor => sum(mul(y, mul(y, direction)))
    const ours = valueAndGrads((x: Tensor, g: Tensor, b: Tensor) =>
      loss(batchNormTraining(x, g as Tensor1D, b as Tensor1D, 1e-3).y),
    )([x, gamma, beta])
    const written = valueAndGrads((x: Tensor, g: Tensor, b: Tensor) => {
      const { mean, variance } = moments(x, [0, 1, 2])
      return loss(add(mul(div(sub(x, mean), sqrt(add(variance, scalar(1e-3)))), g), b))
    })([x, gamma, beta])
    expect(relativeError(ours.value, written.value)).toBeLessThan(1e-5)
    ours.grads.forEach((grad, i) => {
      expect(relativeError(grad, written.grads[i]!)).toBeLessThan(1e-4)
    })
  })

  it('leaves no tensor behind but its three results', () => {
    const [x, gamma, beta] = [randomNormal([2, 3, 3, 2]), tensor1d([1, 1]), tensor1d([0, 0])]
    const before = memory().numTensors
    const { y, mean, variance } = batchNormTraining(x, gamma, beta, 1e-3)
    expect(memory().numTensors).toBe(before + 3)
    for (const t of [y, mean, variance]) t.dispose()
    tidy(() =>
      valueAndGrads((t: Tensor) => sum(batchNormTraining(t, gamma, beta, 1e-3).y))([x]).grads.map((g) => g.dispose()),
    )
    expect(memory().numTensors).toBe(before)
  })
})
