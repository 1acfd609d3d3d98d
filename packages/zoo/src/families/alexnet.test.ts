import '@tensorflow/tfjs-backend-cpu'
import { costOf, stages } from '@cnnkit/layers'
import { setBackend } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { built } from '../testing/built.ts'

beforeAll(() => setBackend('cpu'))

describe('AlexNet', () => {
  // facts/papers.json and facts/slim.json (computed from the prototxts; 60 million is what the paper prints), facts/torchvision.json.
  it.each([
    ['caffe', 60965224, '0.7244'],
    ['paper', 60965224, '0.7244'],
    ['caffenet', 60965224, '0.7244'],
    ['torchvision', 61100840, '0.7142'],
  ])('has the published parameters and multiply-accumulates in the flavor %s', async (flavor, all, billions) => {
    const model = await built('alexnet', { flavor })
    const cost = costOf(model)
    expect(cost.parameters).toBe(all)
    expect(cost.trainableParameters).toBe(all)
    expect((cost.multiplyAccumulates / 1e9).toFixed(4)).toBe(billions)
    model.dispose()
  })

  it.each([
    ['caffe', [27, 27, 96, 8], [13, 13, 256, 16], [6, 6, 256, 32]],
    ['paper', [27, 27, 96, 8], [13, 13, 256, 16], [6, 6, 256, 32]],
    ['caffenet', [27, 27, 96, 8], [13, 13, 256, 16], [6, 6, 256, 32]],
    ['torchvision', [27, 27, 64, 8], [13, 13, 192, 16], [6, 6, 256, 32]],
  ])('has the grids of the paper in the flavor %s', async (flavor, stem, stage1, stage2) => {
    const model = await built('alexnet', { flavor })
    const grids = stages(model).filter(({ name }) => name !== 'head')
    const rows = grids.map(({ name, output, reduction }) => [name, [...output.shape.slice(1), reduction]])
    expect(Object.fromEntries(rows)).toEqual({ stem, stage1, stage2 })
    expect(model.getLayer('stem.conv').outputShape).toEqual([null, 55, 55, stem[2]])
    model.dispose()
  })

  it('divides the second, fourth and fifth convolution, but for torchvision', async () => {
    for (const flavor of ['caffe', 'torchvision']) {
      const model = await built('alexnet', { flavor })
      const inputs = ['stage1.conv1', 'stage2.conv1', 'stage2.conv2', 'stage2.conv3'].map(
        (name) => model.getLayer(name).weights[0]!.shape[2],
      )
      expect(inputs).toEqual(flavor === 'caffe' ? [48, 256, 192, 192] : [64, 192, 384, 256])
      model.dispose()
    }
  })

  it.each([
    ['caffe', ['stem.conv', 'stem.conv.relu', 'stem.norm', 'stem.pool']],
    ['caffenet', ['stem.conv', 'stem.conv.relu', 'stem.pool', 'stem.norm']],
    ['torchvision', ['stem.conv.pad', 'stem.conv', 'stem.conv.relu', 'stem.pool']],
  ])('has its steps in the order of the flavor %s', async (flavor, order) => {
    const model = await built('alexnet', { flavor })
    expect(stages(model)[0]!.layers.map(({ name }) => name)).toEqual(order)
    model.dispose()
  })

  it.each([
    ['caffe', { bias: 1, alpha: 1e-4, convention: 'caffe' }],
    ['paper', { bias: 2, alpha: 1e-4, convention: 'paper' }],
  ])('normalises as the flavor %s says', async (flavor, config) => {
    const model = await built('alexnet', { flavor })
    for (const name of ['stem.norm', 'stage1.norm']) {
      expect(model.getLayer(name).getConfig()).toMatchObject({ size: 5, beta: 0.75, ...config })
    }
    model.dispose()
  })

  it.each([
    [{ includeTop: false }, [null, 6, 6, 256]],
    [{ includeTop: false, pooling: 'max' }, [null, 256]],
    [{ classes: 5, inputShape: [224, 224, 1] }, [null, 5]],
    [{ flavor: 'torchvision', classes: 5, inputShape: [null, null, 3] }, [null, 5]],
    [{ flavor: 'torchvision', inputShape: [320, 256, 3] }, [null, 1000]],
    [{ inputShape: [null, null, 3], includeTop: false }, [null, null, null, 256]],
  ] as const)('%o gives the output %o', async (options, shape) => {
    const model = await built('alexnet', options)
    expect(model.outputShape).toEqual(shape)
    model.dispose()
  })

  it("needs a size for its dense layers, and takes any in torchvision's flavor with the same weights", async () => {
    await expect(built('alexnet', { inputShape: [null, null, 3] })).rejects.toThrow('known')
    const large = await built('alexnet', { flavor: 'torchvision', inputShape: [400, 300, 3] })
    expect(large.getLayer('head.pool').outputShape).toEqual([null, 6, 6, 256])
    expect(large.countParams()).toBe(61100840)
    large.dispose()
  })

  it('drops half of its hidden units in training', async () => {
    for (const [flavor, before] of [
      ['caffe', 'head.fc6.relu'],
      ['torchvision', 'head.flatten'],
    ] as const) {
      const model = await built('alexnet', { flavor })
      const dropout = model.getLayer('head.fc6.dropout')
      expect(dropout.getConfig()).toMatchObject({ rate: 0.5 })
      expect(dropout.inboundNodes[0]!.inboundLayers[0]!.name).toBe(before)
      model.dispose()
    }
  })
})
