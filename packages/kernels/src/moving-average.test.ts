import '@tensorflow/tfjs-backend-cpu'
import { memory, setBackend, tensor1d } from '@tensorflow/tfjs-core'
import { beforeAll, expect, it } from 'vitest'
import { movingAverage } from './index.ts'

beforeAll(() => setBackend('cpu'))

it('moves an average towards a value', async () => {
  const [average, value] = [tensor1d([1, -2]), tensor1d([5, 4])]
  const before = memory().numTensors
  const moved = movingAverage({ average, value }, { kept: 0.75, taken: 0.5 })
  expect(memory().numTensors).toBe(before + 1)
  expect([...(await moved.data())]).toEqual([3.25, 0.5])
})
