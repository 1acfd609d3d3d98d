import '@tensorflow/tfjs-backend-cpu'
import { setBackend } from '@tensorflow/tfjs-core'
import { input, model } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { BatchNorm, convNorm, ReLU, rootScope } from '../index.ts'
import { tiny } from '../tiny.fixture.ts'

beforeAll(() => setBackend('cpu'))

describe('convNorm', () => {
  it.each([
    [undefined, 'population'],
    ['population', 'population'],
    ['sample', 'sample'],
  ] as const)('has a norm that moves by the variance that the flavor says: %s', (normVariance, expected) => {
    const flavor = normVariance ? { ...tiny, normVariance } : tiny
    const x = input({ shape: [4, 4, 3] })
    const options = { filters: 2, kernelSize: 3, activation: 'relu6' } as const
    const network = model({ inputs: x, outputs: convNorm(x, rootScope({ flavor }).at('conv1'), options) })
    const norm = network.getLayer('conv1.norm')
    expect(norm).toBeInstanceOf(BatchNorm)
    expect(norm).toHaveProperty('movingVarianceOf', expected)
    expect(network.getLayer('conv1.relu')).toBeInstanceOf(ReLU)
  })
})
