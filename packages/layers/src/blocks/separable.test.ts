import '@tensorflow/tfjs-backend-cpu'
import { memory, moments, setBackend, tidy } from '@tensorflow/tfjs-core'
import { input, model } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Flavor, type KernelInitializer, rootScope } from '../scope.ts'
import { depthwise } from './separable.ts'

beforeAll(() => setBackend('cpu'))

const flavor = (kernelInitializer: KernelInitializer): Flavor => ({
  name: 'test',
  convBias: false,
  stridedPadding: 'same',
  normEpsilon: 1e-3,
  normMomentum: 0.9,
  bottleneckStride: '3x3',
  kernelInitializer,
})

/** Standard deviation of the fresh values of a 3x3 depthwise kernel for 512 channels. */
function deviation(kernelInitializer: KernelInitializer): number {
  const scope = rootScope({ flavor: flavor(kernelInitializer), seed: 1 }).at('depthwise')
  const x = input({ shape: [8, 8, 512] })
  const network = model({ inputs: x, outputs: depthwise(x, scope) })
  const [kernel] = network.getWeights()
  expect(kernel!.shape).toEqual([3, 3, 512, 1])
  const variance = tidy(() => moments(kernel!).variance.dataSync()[0]!)
  network.dispose()
  return Math.sqrt(variance)
}

describe('a fresh depthwise kernel', () => {
  // What torch.nn.init and Keras compute of their own shapes, [512, 1, 3, 3] and [3, 3, 512, 1].
  it.each([
    ['heNormalFanOut', Math.sqrt(2 / (9 * 512))],
    ['torchUniform', 1 / Math.sqrt(9) / Math.sqrt(3)],
    ['glorotUniform', Math.sqrt(2 / (9 * 512 + 9))],
    ['glorotNormal', Math.sqrt(2 / (9 * 512 + 9))],
    ['heNormal', Math.sqrt(2 / (9 * 512))],
    [{ normal: 0.3 }, 0.3],
  ] as const)('is drawn from %o as wide as the source draws it', (initializer, expected) => {
    const before = memory().numTensors
    expect(deviation(initializer) / expected).toBeCloseTo(1, 1)
    expect(memory().numTensors).toBe(before)
  })
})
