import '@tensorflow/tfjs-backend-cpu'
import { costOf, stages } from '@cnnkit/layers'
import { setBackend } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { built } from '../testing/built.ts'

beforeAll(() => setBackend('cpu'))

describe('VGG', () => {
  // Trainable parameters, those without the top, and multiply-accumulates at 224 in units of 1e9 (facts/torchvision.json, summary.tsv); the
  // paper's table 2 prints 133, 133, 138 and 144 millions.
  it.each([
    ['vgg11', 132863336, 9220480, '7.609'],
    ['vgg11_bn', 132868840, 9225984, '7.609'],
    ['vgg13', 133047848, 9404992, '11.308'],
    ['vgg13_bn', 133053736, 9410880, '11.308'],
    ['vgg16', 138357544, 14714688, '15.470'],
    ['vgg16_bn', 138365992, 14723136, '15.470'],
    ['vgg19', 143667240, 20024384, '19.632'],
    ['vgg19_bn', 143678248, 20035392, '19.632'],
  ] as const)('%s has the published parameters and multiply-accumulates', async (name, all, body, billions) => {
    const [model, bare] = [await built(name), await built(name, { includeTop: false })]
    const cost = costOf(model)
    expect(cost.trainableParameters).toBe(all)
    expect(costOf(bare).trainableParameters).toBe(body)
    expect((cost.multiplyAccumulates / 1e9).toFixed(3)).toBe(billions)
    for (const each of [model, bare]) each.dispose()
  })

  it.each(['keras', 'torchvision', 'caffe'])('has the grids of table 1 in the flavor %s', async (flavor) => {
    const model = await built('vgg19', { flavor })
    const grids = stages(model).filter(({ name }) => name !== 'head')
    const rows = grids.map(({ name, output, reduction }) => [name, [...output.shape.slice(1), reduction]])
    expect(Object.fromEntries(rows)).toEqual({
      stage1: [112, 112, 64, 2],
      stage2: [56, 56, 128, 4],
      stage3: [28, 28, 256, 8],
      stage4: [14, 14, 512, 16],
      stage5: [7, 7, 512, 32],
    })
    model.dispose()
  })

  it.each([
    ['vgg11', 8],
    ['vgg13', 10],
    ['vgg16', 13],
    ['vgg19', 16],
  ] as const)('%s has %i convolutions, and three dense layers', async (name, convolutions) => {
    const model = await built(name)
    const kinds = model.layers.map((layer) => layer.getClassName())
    expect(kinds.filter((kind) => kind === 'Conv2D')).toHaveLength(convolutions)
    expect(kinds.filter((kind) => kind === 'Dense')).toHaveLength(3)
    model.dispose()
  })

  it('has dropout in the flavors that have it', async () => {
    for (const [flavor, dropouts] of [
      ['keras', 0],
      ['torchvision', 2],
      ['caffe', 2],
    ] as const) {
      const model = await built('vgg19', { flavor })
      expect(model.layers.filter((layer) => layer.getClassName() === 'Dropout')).toHaveLength(dropouts)
      model.dispose()
    }
  })

  it.each([
    [{ includeTop: false }, [null, 7, 7, 512]],
    [{ includeTop: false, pooling: 'avg' }, [null, 512]],
    [{ inputShape: [null, null, 3], includeTop: false }, [null, null, null, 512]],
    [{ inputShape: [64, 96, 1], classes: 5 }, [null, 5]],
    [{ flavor: 'torchvision', inputShape: [null, null, 3], classes: 5 }, [null, 5]],
  ] as const)('%o gives the output %o', async (options, shape) => {
    const model = await built('vgg16', options)
    expect(model.outputShape).toEqual(shape)
    model.dispose()
  })

  it("fits its dense layers to the input, but in torchvision's flavor, where the grid is averaged to 7 x 7", async () => {
    const [keras, torchvision] = [
      await built('vgg16', { inputShape: [64, 64, 3] }),
      await built('vgg16', { inputShape: [64, 64, 3], flavor: 'torchvision' }),
    ]
    expect(keras.getLayer('head.fc6').weights[0]!.shape).toEqual([2 * 2 * 512, 4096])
    expect(torchvision.getLayer('head.fc6').weights[0]!.shape).toEqual([7 * 7 * 512, 4096])
    for (const model of [keras, torchvision]) model.dispose()
  })
})
