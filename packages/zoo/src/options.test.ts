import { wasm } from '@cnnkit/backend-wasm'
import { cardOf } from '@cnnkit/layers'
import { dispose, memory, type Tensor, tidy, tile, zeros } from '@tensorflow/tfjs-core'
import { input, type LayersModel, layers, model as layersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { adaptedChannels } from './adapt-channels.ts'
import { buildNetwork } from './build-network.ts'
import { checkOptions } from './check-options.ts'
import { createModel } from './create-model.ts'
import { architectureOf } from './models.ts'
import { picture } from './testing/formula.ts'

const small = { inputShape: [64, 64, 3], weights: null, classes: 4, seed: 3 } as const

beforeAll(async () => {
  await wasm().start()
})

function valuesOf(model: LayersModel, x: Tensor): Float32Array {
  return tidy(() => (model.predict(x) as Tensor).dataSync<'float32'>())
}

describe('inputTensor', () => {
  it('builds on a tensor of another graph, from which the model then begins', async () => {
    const start = input({ shape: [128, 128, 3], name: 'photo' })
    const halved = layers.averagePooling2d({ poolSize: 2, name: 'halved' }).apply(start) as SymbolicTensor
    const joined = await createModel('mobilenet_v1_025', { weights: null, classes: 4, seed: 3, inputTensor: halved })
    const alone = await createModel('mobilenet_v1_025', small)
    expect(joined.inputs.map(({ name }) => name)).toEqual(['photo'])
    expect(cardOf(joined).preprocessing.size).toEqual([64, 64])
    const x = picture([128, 128, 3])
    const pooled = layersModel({ inputs: start, outputs: halved }).predict(x) as Tensor
    expect(valuesOf(joined, x)).toEqual(valuesOf(alone, pooled))
    dispose([x, pooled])
    for (const model of [joined, alone]) model.dispose()
  })
})

describe('channels', () => {
  it.each([
    [1, [7]],
    [2, [1.5, 3]],
    [4, [0.75, 1.5, 3, 0.75]],
    [6, [0.5, 1, 2, 0.5, 1, 2]],
  ])('a kernel for 3 becomes one for %i', (channels, expected) => {
    expect([...adaptedChannels(Float32Array.of(1, 2, 4), [1, 1, channels, 1])]).toEqual(expected)
  })

  it('of pretrained weights: a network of one channel gives on grey what the original gives on grey in three', async () => {
    const [one, three] = [
      await createModel('mobilenet_v1_025', { inputShape: [64, 64, 1] }),
      await createModel('mobilenet_v1_025', { inputShape: [64, 64, 3] }),
    ]
    expect(cardOf(one).preprocessing).toMatchObject({ mean: [127.5], std: [127.5], channelOrder: 'rgb' })
    const grey = picture([64, 64, 1])
    const colored = tile(grey, [1, 1, 1, 3])
    const expected = valuesOf(three, colored)
    for (const [i, score] of valuesOf(one, grey).entries()) expect(score).toBeCloseTo(expected[i]!, 5)
    dispose([grey, colored])
    for (const model of [one, three]) model.dispose()
  })
})

describe('flavor', () => {
  it('picks the weights on record that fit it', async () => {
    await expect(createModel('resnet50', { flavor: 'paper' })).rejects.toThrow('the flavor "paper" of resnet50')
    await expect(createModel('resnet50', { flavor: 'paper', weights: null })).rejects.toThrow(
      'No flavor "paper" of resnet50 here. Flavors: "keras", "torchvision".',
    )
  })
})

describe('what cannot be', () => {
  it.each([
    [{ auxiliary: true }, 'NO_AUXILIARY'],
    [{ classes: 0 }, 'BAD_CLASSES'],
    [{ inputShape: [64, 64, 0] }, 'BAD_INPUT_SHAPE'],
    [{ inputShape: [16, 64, 3] }, 'BAD_INPUT_SHAPE'],
  ] as const)('%o is refused before anything is fetched or made', async (options, code) => {
    const before = memory().numTensors
    await expect(createModel('mobilenet_v1_025', { ...small, ...options })).rejects.toMatchObject({ code })
    expect(memory().numTensors).toBe(before)
  })
})

describe('a form of a network', () => {
  const fresh = { weights: null, classes: 2 } as const

  it.each([
    [
      'googlenet',
      { flavor: 'onnx', inputShape: [60, 61, 3] },
      'too small for googlenet in the flavor "onnx": height and width are at least 61',
    ],
    [
      'googlenet',
      { flavor: 'paper', auxiliary: true, inputShape: [78, 79, 3] },
      '"paper" with its auxiliary heads: height and width are at least 79',
    ],
    [
      'inception_v2',
      { inputShape: [299, 299, 3] },
      'inception_v2 in the flavor "onnx": height and width are multiples of 32',
    ],
    ['resnet18', { inputShape: [64.5, 64, 3] }, 'does not suit resnet18: height and width are whole numbers'],
  ] as const)('of %s with %o is told what size it takes', async (name, options, message) => {
    const before = memory().numTensors
    const refused = createModel(name, { ...fresh, ...options })
    await expect(refused).rejects.toMatchObject({ code: 'BAD_INPUT_SHAPE', message: expect.stringContaining(message) })
    expect(memory().numTensors).toBe(before)
  })

  it.each([
    ['googlenet', { flavor: 'onnx', inputShape: [61, 61, 3] }],
    ['googlenet', { flavor: 'paper', auxiliary: true, inputShape: [79, 79, 3] }],
    ['googlenet', { flavor: 'torchvision', auxiliary: true, inputShape: [32, 32, 3] }],
    ['inception_v2', { flavor: 'slim', inputShape: [75, 61, 3] }],
  ] as const)('of %s with %o runs at the smallest size that is said', async (name, options) => {
    const model = await createModel(name, { ...fresh, ...options })
    const before = memory().numTensors
    const x = zeros([1, ...options.inputShape])
    const outputs = [model.predict(x) as Tensor].flat()
    expect(outputs.map(({ shape }) => shape)).toEqual(outputs.map(() => [1, 2]))
    expect(outputs).toHaveLength('auxiliary' in options ? 3 : 1)
    dispose([x, ...outputs])
    expect(memory().numTensors).toBe(before)
    model.dispose()
  })

  it.each([
    ['inception_v3', 'torchvision'],
    ['inception_v4', 'slim'],
  ] as const)('of %s has auxiliary heads where the original has: in the flavor "%s"', async (name, flavor) => {
    const refused = createModel(name, { ...fresh, auxiliary: true })
    await expect(refused).rejects.toMatchObject({ code: 'NO_AUXILIARY' })
    await expect(refused).rejects.toThrow(`Take the flavor "${flavor}", or leave it out.`)
    const model = await createModel(name, { ...fresh, auxiliary: true, flavor, inputShape: [75, 75, 3] })
    expect(model.outputs).toHaveLength(2)
    model.dispose()
  })

  it('may be whichever of several takes what is asked for, where a file will tell', async () => {
    const architecture = await architectureOf('inception_v2')
    const [caffe, slim] = architecture.flavors
    const options = { inputShape: [75, 75, 3] } as const
    expect(checkOptions(architecture, options, [caffe!, slim!])).toBe(slim)
    expect(() => checkOptions(architecture, options, [caffe!])).toThrow('multiples of 32')
  })
})

describe('building', () => {
  it.each(['resnet152', 'mobilenet_v1_100'] as const)('fills no kernel of %s where weights follow', async (name) => {
    const architecture = await architectureOf(name)
    const before = memory().numDataBuffers
    const model = buildNetwork(architecture, {}, { flavor: architecture.flavors[0]!, weightsFollow: true })
    const kernels = model.weights.filter(({ shape }) => shape.length > 1)
    // Until its weights come a kernel is one number under the kernel's shape.
    expect(kernels.map((kernel) => kernel.read().dataSync().length)).toEqual(kernels.map(() => 1))
    model.dispose()
    expect(memory().numDataBuffers).toBe(before)
  })
})
