import '@tensorflow/tfjs-backend-cpu'
import { memory, moments, randomNormal, setBackend, type Tensor, tidy } from '@tensorflow/tfjs-core'
import { input, layers, model, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Flavor, type KernelInitializer, rootScope } from '../scope.ts'
import { depthwise, separableConvolution } from './separable.ts'

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

describe('a separable convolution alone', () => {
  it.each([
    [{ filters: 5 }, { padding: 'same' }],
    [
      { filters: 5, strides: 2, useBias: true },
      { padding: 'same', strides: 2, useBias: true },
    ],
    [
      { filters: 4, kernelSize: 5, padding: 'valid' },
      { padding: 'valid', kernelSize: 5 },
    ],
  ] as const)("%o is one layer of Keras' with its weights", (options, config) => {
    const before = memory().numTensors
    const x = input({ shape: [9, 8, 3] })
    const ours = model({
      inputs: x,
      outputs: separableConvolution(x, rootScope({ flavor: flavor('heNormal'), seed: 1 }).at('conv1'), options),
    })
    expect(ours.layers.slice(1).map(({ name }) => name)).toEqual(['conv1.depthwise', 'conv1.pointwise'])
    const { filters } = options
    const stock = layers.separableConv2d({ kernelSize: 3, useBias: false, ...config, filters })
    const whole = model({ inputs: x, outputs: stock.apply(x) as SymbolicTensor })
    whole.setWeights(ours.getWeights())
    tidy(() => {
      const picture = randomNormal([1, 9, 8, 3], 0, 1, 'float32', 2)
      const [given, expected] = [ours, whole].map((either) => either.predict(picture) as Tensor)
      expect(given!.shape).toEqual(expected!.shape)
      const values = expected!.dataSync()
      for (const [i, value] of given!.dataSync().entries()) expect(value).toBeCloseTo(values[i]!, 5)
    })
    for (const network of [ours, whole]) network.dispose()
    expect(memory().numTensors).toBe(before)
  })
})
