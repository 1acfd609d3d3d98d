import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-layers' // registers the gradients of TensorFlow.js' own kernels
import {
  AvgPoolGrad,
  avgPool,
  getKernel,
  grad,
  memory,
  mul,
  oneHot,
  randomNormal,
  reshape,
  setBackend,
  sum,
  type Tensor,
  type Tensor4D,
  tensor1d,
  tidy,
} from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { correctAvgPoolGrad } from './index.ts'

beforeAll(async () => {
  await setBackend('cpu')
  return correctAvgPoolGrad('cpu')
})

afterAll(() => expect(memory().numTensors).toBe(0))

const pools = [
  { side: 3, size: 3, stride: 1, pad: 'same' },
  { side: 5, size: 2, stride: 2, pad: 'same' },
  { side: 7, size: 3, stride: 2, pad: 'same' },
  { side: 6, size: 3, stride: 2, pad: 'valid' },
  { side: 6, size: 3, stride: 1, pad: 1 },
] as const

// Pooling is linear in x, so the gradient for each x is what that x alone, being one, adds to the sum.
it.each(pools)(
  'is the gradient of a pool of $size by $stride over $side, padded $pad',
  ({ side, size, stride, pad }) => {
    tidy(() => {
      const shape: [number, number, number, number] = [1, side, side, 1]
      const pool = (x: Tensor): Tensor => avgPool(x as Tensor4D, size, stride, pad)
      const dy = randomNormal(pool(randomNormal(shape)).shape, 0, 1, 'float32', 7)
      const lossOf = (x: Tensor): Tensor => sum(mul(pool(x), dy))
      const expected = Array.from({ length: side * side }, (_, i) => {
        const alone = reshape(oneHot(tensor1d([i], 'int32'), side * side), shape)
        return lossOf(mul(alone, 1)).dataSync()[0]!
      })
      const gradient = grad(lossOf)(randomNormal(shape)).dataSync()
      for (const [i, value] of expected.entries()) expect(gradient[i]).toBeCloseTo(value, 5)
    })
  },
)

it('is put in once', async () => {
  const ours = getKernel(AvgPoolGrad, 'cpu')
  expect(correctAvgPoolGrad('cpu')()).toBeUndefined()
  expect(getKernel(AvgPoolGrad, 'cpu')).toBe(ours)
})
