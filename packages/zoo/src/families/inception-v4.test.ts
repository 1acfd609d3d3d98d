import '@tensorflow/tfjs-backend-cpu'
import { costOf, outputOf, stages } from '@cnnkit/layers'
import { memory, setBackend } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { correspondences } from '../dialect.ts'
import { architectureOf } from '../models.ts'
import { built } from '../testing/built.ts'

beforeAll(() => setBackend('cpu'))

describe('Inception v4', () => {
  // facts/slim-vars/inception_v4.json, less the weights of the background class: 1,537 and 769 for the auxiliary head.
  it.each([
    [{ flavor: 'slim', includeTop: false }, 41174400],
    [{ flavor: 'slim' }, 42712937 - 1537],
    [{ flavor: 'slim', auxiliary: true }, 46074066 - 1537 - 769],
  ] as const)('%o has the published parameters: %i', async (options, expected) => {
    const model = await built('inception_v4', options)
    expect(costOf(model).parameters).toBe(expected)
    model.dispose()
  })

  it("has timm's parameters, 42.68 M without moving statistics, and 12.3 G multiply-accumulates", async () => {
    const model = await built('inception_v4')
    const { trainableParameters, multiplyAccumulates } = costOf(model)
    expect((trainableParameters / 1e6).toFixed(2)).toBe('42.68')
    expect((multiplyAccumulates / 1e9).toFixed(1)).toBe('12.3')
    model.dispose()
  })

  it("has the grids of the paper's figures 3 and 9", async () => {
    const model = await built('inception_v4')
    const grids: Record<string, number[]> = {
      'stem.conv3': [147, 147, 64],
      'stem.block1.concat': [73, 73, 160],
      'stem.block2.concat': [71, 71, 192],
      'stem.block3.concat': [35, 35, 384],
      'stage1.block4.concat': [35, 35, 384],
      'stage2.block1.concat': [17, 17, 1024],
      'stage2.block8.concat': [17, 17, 1024],
      'stage3.block1.concat': [8, 8, 1536],
      'stage3.block4.concat': [8, 8, 1536],
      'head.pool': [1536],
    }
    const found = Object.keys(grids).map((path) => [path, outputOf(model.getLayer(path)).shape.slice(1)])
    expect(Object.fromEntries(found)).toEqual(grids)
    model.dispose()
  })

  it('has 4, 1 + 7 and 1 + 3 modules (figure 9) at reductions 8, 16 and 32', async () => {
    const model = await built('inception_v4')
    const rows = stages(model)
      .filter(({ name }) => name.startsWith('stage'))
      .map(({ layers, reduction }) => [new Set(layers.map(({ name }) => name.split('.')[1])).size, reduction])
    expect(rows).toEqual([
      [4, 8],
      [8, 16],
      [4, 32],
    ])
    model.dispose()
  })

  it.each([
    [{ classes: 5 }, [null, 5]],
    [{ includeTop: false, pooling: 'avg' }, [null, 1536]],
    [{ includeTop: false, inputShape: [75, 75, 3] }, [null, 1, 1, 1536]],
    [{ flavor: 'slim', inputShape: [131, 97, 1], classes: 2 }, [null, 2]],
    [
      { flavor: 'slim', auxiliary: true, classes: 7, inputShape: [75, 75, 3] },
      [
        [null, 7],
        [null, 7],
      ],
    ],
  ] as const)('%o gives the output %j', async (options, shape) => {
    const before = memory().numTensors
    const model = await built('inception_v4', options)
    expect(model.outputShape).toEqual(shape)
    model.dispose()
    expect(memory().numTensors).toBe(before)
  })

  it("counts its convolutions as keras-inceptionV4's file does, a background class in the classifier", async () => {
    const { dialects } = await architectureOf('inception_v4')
    const model = await built('inception_v4', { flavor: 'slim' })
    const all = correspondences(model, dialects.find(({ name }) => name === 'kentsommer')!)
    const shapes = new Map(all.map(({ theirs, shape }) => [theirs, shape.join('x')]))
    expect(shapes.size).toBe(all.length)
    // The order in which inception_v4.py @1b2f184 makes them: the stem's eleventh ends at 35 x 35, the last is a branch's behind its pooling.
    const expected = { conv2d_1: '3x3x3x32', conv2d_4: '3x3x64x96', conv2d_8: '1x7x64x64', conv2d_11: '3x3x192x192' }
    const last = { conv2d_147: '1x3x512x256', conv2d_148: '3x1x512x256', conv2d_149: '1x1x1536x256' }
    for (const [name, shape] of Object.entries({ ...expected, ...last })) {
      expect(shapes.get(`${name}/kernel`), name).toBe(shape)
    }
    expect(shapes.get('dense_1/kernel')).toBe('1536x1001')
    expect(shapes.has('conv2d_150/kernel')).toBe(false)
    model.dispose()
  })
})
