import '@tensorflow/tfjs-backend-cpu'
import { costOf, layersAt, outputOf, stages } from '@cnnkit/layers'
import { memory, setBackend } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { published } from '../dialect.ts'
import { architectureOf } from '../models.ts'
import { built } from '../testing/built.ts'

beforeAll(() => setBackend('cpu'))

describe('Inception-ResNet v2', () => {
  // facts/keras-applications.json, and the sum of facts/keras-layers.
  it("has Keras' parameters and multiply-accumulates, to the digit", async () => {
    const model = await built('inception_resnet_v2')
    expect(costOf(model)).toMatchObject({
      parameters: 55873736,
      trainableParameters: 55813192,
      multiplyAccumulates: 13155794016,
    })
    model.dispose()
    const body = await built('inception_resnet_v2', { includeTop: false })
    expect(body.countParams()).toBe(54336736)
    body.dispose()
  })

  it("has timm's parameters: 55.84 M without moving statistics", async () => {
    const model = await built('inception_resnet_v2', { flavor: 'timm' })
    expect((costOf(model).trainableParameters / 1e6).toFixed(2)).toBe('55.84')
    model.dispose()
  })

  // As keras.applications has them in its comments; the paper's figure 15 has 384, 1154 and 2048 channels.
  it('has the grids of the release', async () => {
    const model = await built('inception_resnet_v2')
    const grids: Record<string, number[]> = {
      'stem.pool2': [35, 35, 192],
      'stage1.block1.concat': [35, 35, 320],
      'stage1.block11.relu': [35, 35, 320],
      'stage2.block1.concat': [17, 17, 1088],
      'stage2.block21.relu': [17, 17, 1088],
      'stage3.block1.concat': [8, 8, 2080],
      'stage3.block11.add': [8, 8, 2080],
      'stage3.conv.relu': [8, 8, 1536],
    }
    const found = Object.keys(grids).map((path) => [path, outputOf(model.getLayer(path)).shape.slice(1)])
    expect(Object.fromEntries(found)).toEqual(grids)
    model.dispose()
  })

  it('has reductions 8, 16 and 32, and scales the 10, 20 and 9 residual modules before the last by 0.17, 0.1 and 0.2', async () => {
    const model = await built('inception_resnet_v2')
    const rows = stages(model).filter(({ name }) => name.startsWith('stage'))
    expect(rows.map(({ reduction }) => reduction)).toEqual([8, 16, 32])
    const scales = rows.map(({ layers }) => {
      const found = layers.filter(({ name }) => name.endsWith('.scale'))
      return [found.length, [...new Set(found.map((layer) => layer.getConfig().scale))]]
    })
    expect(scales).toEqual([
      [10, [0.17]],
      [20, [0.1]],
      [9, [0.2]],
    ])
    expect(layersAt(model, 'stage3.block11').map(({ name }) => name.split('.')[2])).not.toContain('relu')
    model.dispose()
  })

  it.each([
    [{ classes: 5 }, [null, 5]],
    [{ includeTop: false, pooling: 'avg' }, [null, 1536]],
    [{ includeTop: false, inputShape: [75, 75, 3] }, [null, 1, 1, 1536]],
    [{ flavor: 'timm', inputShape: [131, 97, 1], classes: 2 }, [null, 2]],
  ] as const)('%o gives the output %j', async (options, shape) => {
    const before = memory().numTensors
    const model = await built('inception_resnet_v2', options)
    expect(model.outputShape).toEqual(shape)
    model.dispose()
    expect(memory().numTensors).toBe(before)
  })

  it('counts 203 convolutions in Keras, and names those that end a residual module and the last', async () => {
    const { dialects } = await architectureOf('inception_resnet_v2')
    const names = dialects.slice(0, 2).map((dialect) => (path: string) => published(path, dialect))
    const [today, then] = names as [(path: string) => string | undefined, (path: string) => string | undefined]
    expect([today('stage3.block11.branch1.conv3'), then('stage3.block11.branch1.conv3')]).toEqual([
      'conv2d_202',
      'conv2d_203',
    ])
    expect([today('stage2.block21.up'), today('stage3.conv.norm')]).toEqual(['block17_20_conv', 'conv_7b_bn'])
  })
})
