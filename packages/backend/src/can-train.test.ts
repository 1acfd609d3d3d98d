import { wasm } from '@cnnkit/backend-wasm'
import { batchNorm } from '@cnnkit/layers'
import { createModel, type ModelName } from '@cnnkit/zoo'
import {
  getKernel,
  getKernelsForBackend,
  memory,
  profile,
  registerKernel,
  sum,
  type Tensor,
  tidy,
  topk,
  unregisterKernel,
  variableGrads,
  zeros,
} from '@tensorflow/tfjs-core'
import { type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cpu } from './cpu.ts'
import { canTrain } from './index.ts'

let model: LayersModel
beforeAll(async () => {
  await cpu().start()
  model = sequential({
    layers: [
      layers.conv2d({ inputShape: [8, 8, 3], filters: 4, kernelSize: 3, activation: 'relu' }),
      batchNorm(),
      layers.maxPooling2d({ poolSize: 2 }),
      layers.flatten(),
      layers.dense({ units: 2, activation: 'softmax' }),
    ],
  })
})
afterAll(() => model.dispose())
beforeEach(async () => {
  await cpu().start()
})

/** Asks while the cpu backend lacks some kernels. */
function without(names: readonly string[], ask: () => void): void {
  const taken = names.flatMap((name) => getKernel(name, 'cpu') ?? [])
  for (const { kernelName } of taken) unregisterKernel(kernelName, 'cpu')
  try {
    ask()
  } finally {
    taken.forEach(registerKernel)
  }
}

describe('canTrain', () => {
  it('says that backends that have it all run, train and map a network', async () => {
    expect(canTrain(model)).toMatchObject({
      backend: 'cpu',
      infer: true,
      train: true,
      map: true,
      missing: [],
      reasons: [],
    })
    await wasm({ threads: 1 }).start()
    expect(canTrain(model)).toMatchObject({ backend: 'wasm', infer: true, train: true, map: true, missing: [] })
  })

  it.each([
    ['MaxPool', { infer: false, train: false, map: false }],
    ['MaxPoolGrad', { infer: true, train: false, map: false }],
    ['ResizeBilinear', { infer: true, train: true, map: false }],
    ['OneHot', { infer: true, train: false, map: true }],
    ['Conv3D', { infer: true, train: true, map: true }],
  ])('says what a backend cannot do that has no %s', (name, able) => {
    without([name], () => {
      const found = canTrain(model)
      expect(found).toMatchObject(able)
      expect(found.missing).toEqual(able.infer && able.train && able.map ? [] : [name])
    })
  })

  it('counts a kernel of this house as what it is composed of', () => {
    without(['BatchNormTraining', 'BatchNormTrainingGrad', 'Rsqrt'], () => {
      expect(canTrain(model)).toMatchObject({ train: false, missing: ['Rsqrt'] })
      registerKernel({ kernelName: 'BatchNormTraining', backendName: 'cpu', kernelFunc: () => [] })
      registerKernel({ kernelName: 'BatchNormTrainingGrad', backendName: 'cpu', kernelFunc: () => [] })
      const { train, needs } = canTrain(model)
      unregisterKernel('BatchNormTraining', 'cpu')
      unregisterKernel('BatchNormTrainingGrad', 'cpu')
      expect(train).toBe(true)
      expect(needs.train).toContain('BatchNormTraining')
    })
  })

  it('changes nothing: no weight, no statistic, no tensor, no kernel', () => {
    const values = (): number[][] => tidy(() => model.weights.map((weight) => [...weight.read().dataSync()]))
    const [weights, tensors, kernels] = [values(), memory(), getKernelsForBackend('cpu')]
    const handles = model.weights.map((weight) => weight.read().dataId)
    canTrain(model)
    expect(values()).toEqual(weights)
    expect(model.weights.map((weight) => weight.read().dataId)).toEqual(handles)
    expect(memory()).toEqual(tensors)
    expect(new Set(getKernelsForBackend('cpu'))).toEqual(new Set(kernels))
  })

  it('asks for the gradients of what the freeze policy lets train', () => {
    const [conv] = model.layers
    conv!.trainable = false
    const frozen = canTrain(model)
    conv!.trainable = true
    expect(frozen.needs.train).not.toContain('Conv2DBackpropFilter')
    expect(canTrain(model).needs.train).toContain('Conv2DBackpropFilter')
  })

  it('says so where nothing is left to train', () => {
    model.trainable = false
    const { infer, train, reasons } = canTrain(model)
    model.trainable = true
    expect({ infer, train, reasons }).toEqual({
      infer: true,
      train: false,
      reasons: ['The network has no trainable weights.'],
    })
  })

  it('says what has no gradient, and leaves nothing behind', () => {
    const dilated = sequential({
      layers: [layers.conv2d({ inputShape: [9, 9, 1], filters: 2, kernelSize: 3, dilationRate: 2 })],
    })
    const { numTensors } = memory()
    const { infer, train, reasons } = canTrain(dilated)
    expect([infer, train]).toEqual([true, false])
    expect(reasons.join()).toMatch(/dilation rates greater than 1/)
    expect(memory().numTensors).toBe(numTensors)
    dilated.dispose()
  })

  it('cannot tell of a layer with a kernel that it knows no rule for', () => {
    class Sorting extends layers.Layer {
      static readonly className = 'Sorting'
      override call(inputs: Tensor | Tensor[]): Tensor {
        const [x] = [inputs].flat()
        return topk(x!, 2).values
      }
    }
    const sorting = sequential({ layers: [new Sorting({ inputShape: [3] })] })
    expect(() => canTrain(sorting)).toThrow(expect.objectContaining({ code: 'UNKNOWN_KERNEL' }))
    expect(() => canTrain(sorting)).toThrow(/"TopK"/)
  })

  it('cannot tell of a layer that looks at values, and restores the backend', () => {
    class Looking extends layers.Layer {
      static readonly className = 'Looking'
      override call(inputs: Tensor | Tensor[]): Tensor {
        const [x] = [inputs].flat()
        return x!.dataSync()[0]! > 0 ? x! : zeros(x!.shape)
      }
    }
    const looking = sequential({ layers: [new Looking({ inputShape: [2] })] })
    const kernel = getKernel('Relu', 'cpu')
    expect(() => canTrain(looking)).toThrow(expect.objectContaining({ code: 'NO_VALUES' }))
    expect(getKernel('Relu', 'cpu')).toBe(kernel)
  })
})

/** Kernels that really ran, of those that a backend has of its own. Operations with a gradient of their own have a name there, too. */
async function kernelsOf(own: ReadonlySet<string>, run: () => Tensor): Promise<string[]> {
  const { kernelNames } = await profile(() => tidy(run))
  return [...new Set(kernelNames)].filter((name) => own.has(name))
}

/** Takes away the composed forms that were registered as they were first used. */
function forgetComposed(own: ReadonlySet<string>): void {
  for (const { kernelName } of getKernelsForBackend('wasm')) {
    if (!own.has(kernelName)) unregisterKernel(kernelName, 'wasm')
  }
}

const networks: [ModelName, number][] = [
  ['mobilenet_v1_025', 32],
  ['squeezenet1_1', 64],
  ['resnet20_cifar', 32],
]

describe('what really runs', () => {
  let own: ReadonlySet<string>
  beforeAll(async () => {
    await wasm({ threads: 1 }).start()
    own = new Set(getKernelsForBackend('wasm').map(({ kernelName }) => kernelName))
  })

  it.each(networks)('of %s is within what canTrain says it needs', async (name, side) => {
    await wasm({ threads: 1 }).start()
    forgetComposed(own)
    const network = await createModel(name, { weights: null, inputShape: [side, side, 3], classes: 5 })
    const { needs } = canTrain(network)
    const picture = zeros([1, side, side, 3])
    const output = (training: boolean): Tensor => network.apply(picture, { training }) as Tensor
    const variables = network.trainableWeights.map((weight) => weight.read())
    const inferred = await kernelsOf(own, () => output(false))
    const trained = await kernelsOf(
      own,
      () => variableGrads(() => sum(output(true)) as never, variables as never).value,
    )
    expect(inferred.filter((kernel) => !needs.infer.includes(kernel))).toEqual([])
    expect(trained.filter((kernel) => !needs.train.includes(kernel))).toEqual([])
    network.dispose()
    picture.dispose()
  })
})
