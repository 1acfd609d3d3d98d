import '@tensorflow/tfjs-backend-cpu'
import { costOf } from '@cnnkit/layers'
import { setBackend } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { built } from '../testing/built.ts'
import { gridsOf, namesIn, outputShapeOf, weightedLayers } from '../testing/structure.ts'

beforeAll(() => setBackend('cpu'))

describe('DenseNet', () => {
  it.each([
    ['densenet121', [64, 256, 512, 1024, 1024]],
    ['densenet161', [96, 384, 768, 2112, 2208]],
    ['densenet169', [64, 256, 512, 1280, 1664]],
    ['densenet201', [64, 256, 512, 1792, 1920]],
  ] as const)('%s has the grids of table 1', async (name, channels) => {
    const model = await built(name)
    expect(gridsOf(model)).toEqual({
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
    expect(weightedLayers(model).length).toBe(depth)
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
      const [before, today] = [
        await namesIn(old, 'densenet169', { flavor }),
        await namesIn(flavor, 'densenet169', { flavor }),
      ]
      expect(before).toEqual(today.map(rename))
      expect(before).not.toEqual(today)
    }
  })

  it.each([
    ['densenet121', { includeTop: false }, [null, 7, 7, 1024]],
    ['densenet121', { inputShape: [97, 65, 1], classes: 2 }, [null, 2]],
    ['densenet121', { inputShape: [null, null, 3], includeTop: false }, [null, null, null, 1024]],
    ['densenet40_cifar', { inputShape: [28, 28, 1] }, [null, 10]],
    ['densenet100_cifar', { includeTop: false, pooling: 'avg' }, [null, 342]],
  ] as const)('%s with %o gives the output %o', async (name, options, shape) => {
    expect(await outputShapeOf(name, options)).toEqual(shape)
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
    expect(gridsOf(model)).toEqual({
      stem: [32, 32, channels[0], 1],
      stage1: [32, 32, channels[1], 1],
      stage2: [16, 16, channels[2], 2],
      stage3: [8, 8, channels[3], 4],
    })
    model.dispose()
  })
})
