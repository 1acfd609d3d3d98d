import '@tensorflow/tfjs-backend-cpu'
import { costOf, stages } from '@cnnkit/layers'
import { setBackend } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { correspondences } from '../dialect.ts'
import { architectureOf } from '../models.ts'
import { built } from '../testing/built.ts'

beforeAll(() => setBackend('cpu'))

describe('DenseNet', () => {
  // torchvision's num_params and _ops (facts/torchvision.json).
  it.each([
    ['densenet121', 7978856, '2.834'],
    ['densenet161', 28681000, '7.728'],
    ['densenet169', 14149480, '3.360'],
    ['densenet201', 20013928, '4.291'],
  ] as const)("%s has torchvision's parameters and operations", async (name, parameters, operations) => {
    const model = await built(name, { flavor: 'torchvision' })
    const cost = costOf(model)
    expect(cost.trainableParameters).toBe(parameters)
    expect((cost.multiplyAccumulates / 1e9).toFixed(3)).toBe(operations)
    model.dispose()
  })

  // keras.applications.densenet (facts/keras-applications.json); multiply-accumulates in units of 1e9.
  it.each([
    ['densenet121', 8062504, 7978856, 7037504, 2.8342],
    ['densenet169', 14307880, 14149480, 12642880, 3.3598],
    ['densenet201', 20242984, 20013928, 18321984, 4.2914],
  ] as const)("%s has Keras' parameters and multiply-accumulates", async (name, all, trainable, without, billions) => {
    const [model, bare] = [await built(name), await built(name, { includeTop: false })]
    const cost = costOf(model)
    expect([cost.parameters, cost.trainableParameters, bare.countParams()]).toEqual([all, trainable, without])
    expect(cost.multiplyAccumulates / 1e9).toBeCloseTo(billions, 4)
    for (const each of [model, bare]) each.dispose()
  })

  it.each([
    ['densenet121', [64, 256, 512, 1024, 1024]],
    ['densenet161', [96, 384, 768, 2112, 2208]],
    ['densenet169', [64, 256, 512, 1280, 1664]],
    ['densenet201', [64, 256, 512, 1792, 1920]],
  ] as const)('%s has the grids of table 1', async (name, channels) => {
    const model = await built(name)
    const grids = stages(model).filter((stage) => stage.name !== 'head')
    const rows = grids.map(({ name, output, reduction }) => [name, [...output.shape.slice(1), reduction]])
    expect(Object.fromEntries(rows)).toEqual({
      stem: [56, 56, channels[0], 4],
      stage1: [56, 56, channels[1], 4],
      stage2: [28, 28, channels[2], 8],
      stage3: [14, 14, channels[3], 16],
      stage4: [7, 7, channels[4], 32],
    })
    model.dispose()
  })

  it.each([
    ['densenet121', 121],
    ['densenet161', 161],
    ['densenet169', 169],
    ['densenet201', 201],
    ['densenet40_cifar', 40],
    ['densenet100_cifar', 100],
  ] as const)('%s has %i layers with weights', async (name, depth) => {
    const model = await built(name)
    const counted = model.layers.filter((layer) => /^(Conv2D|Dense)$/.test(layer.getClassName()))
    expect(counted.length).toBe(depth)
    model.dispose()
  })

  it("knows the older names in Keras' and torchvision's published files", async () => {
    for (const [flavor, old, rename] of [
      [
        'keras',
        'keras-file',
        (name: string) => name.replace(/^conv1_(conv|bn)\//, 'conv1/$1/').replace(/^predictions\//, 'fc1000/'),
      ],
      // What torchvision.models.densenet undoes when it loads.
      [
        'torchvision',
        'torchvision-file',
        (name: string) => name.replace(/(denselayer\d+\.(?:norm|conv))([12])/, '$1.$2'),
      ],
    ] as const) {
      const model = await built('densenet169', { flavor })
      const { dialects } = await architectureOf('densenet169')
      const named = (wanted: string): readonly string[] =>
        correspondences(model, dialects.find(({ name }) => name === wanted)!).map(({ theirs }) => theirs!)
      expect(named(old)).toEqual(named(flavor).map(rename))
      expect(named(old)).not.toEqual(named(flavor))
      model.dispose()
    }
  })

  it.each([
    ['densenet121', { includeTop: false }, [null, 7, 7, 1024]],
    ['densenet121', { inputShape: [97, 65, 1], classes: 2 }, [null, 2]],
    ['densenet121', { inputShape: [null, null, 3], includeTop: false }, [null, null, null, 1024]],
    ['densenet40_cifar', { inputShape: [28, 28, 1] }, [null, 10]],
    ['densenet100_cifar', { includeTop: false, pooling: 'avg' }, [null, 342]],
  ] as const)('%s with %o gives the output %o', async (name, options, shape) => {
    const model = await built(name, options)
    expect(model.outputShape).toEqual(shape)
    model.dispose()
  })
})

describe('DenseNet for 32 x 32 pictures', () => {
  // Table 2, in millions.
  it.each([
    ['densenet40_cifar', '1.0', [16, 160, 304, 448]],
    ['densenet100_cifar', '0.8', [24, 216, 300, 342]],
  ] as const)('%s has the parameters of table 2 and the grids of section 3', async (name, millions, channels) => {
    const model = await built(name)
    expect((costOf(model).trainableParameters / 1e6).toFixed(1)).toBe(millions)
    const grids = stages(model).filter((stage) => stage.name !== 'head')
    const rows = grids.map(({ name, output, reduction }) => [name, [...output.shape.slice(1), reduction]])
    expect(Object.fromEntries(rows)).toEqual({
      stem: [32, 32, channels[0], 1],
      stage1: [32, 32, channels[1], 1],
      stage2: [16, 16, channels[2], 2],
      stage3: [8, 8, channels[3], 4],
    })
    model.dispose()
  })
})
