import '@tensorflow/tfjs-backend-cpu'
import { costOf, stages } from '@cnnkit/layers'
import { memory, setBackend } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { built } from '../testing/built.ts'
import { originals } from '../testing/original.ts'

beforeAll(() => setBackend('cpu'))

describe('Inception v2', () => {
  // facts/slim.json (inception_v2: params_base, params_1001 less the background class, gmacs).
  it("has slim's parameters and multiply-accumulates in slim's flavor", async () => {
    const [model, bare] = [
      await built('inception_v2', { flavor: 'slim' }),
      await built('inception_v2', { flavor: 'slim', includeTop: false }),
    ]
    const cost = costOf(model)
    expect(cost.parameters).toBe(11199137 - 1025)
    expect((cost.multiplyAccumulates / 1e9).toFixed(4)).toBe('1.9349')
    expect(bare.countParams()).toBe(10173112)
    for (const each of [model, bare]) each.dispose()
  })

  it("has the parameters of Caffe's network in the flavor onnx", async () => {
    const [golden] = originals(/^inception_v2\.onnx\./)
    const counted = golden!.tensors.filter(({ name }) => !golden!.ignored.includes(name))
    const model = await built('inception_v2')
    const cost = costOf(model)
    expect(cost.parameters).toBe(counted.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0))
    // Open Model Zoo has googlenet-v2 with 11.185 M, each norm folded to one bias a channel.
    const channels = cost.parameters - cost.trainableParameters
    expect(((cost.trainableParameters - channels / 2) / 1e6).toFixed(3)).toBe('11.185')
    model.dispose()
  })

  it.each(['onnx', 'slim'])("has the grids of the paper's figure 5 in the flavor %s", async (flavor) => {
    const model = await built('inception_v2', { flavor })
    const grids = stages(model).filter(({ name }) => name !== 'head')
    const rows = grids.map(({ name, output, reduction }) => [name, [...output.shape.slice(1), reduction]])
    expect(Object.fromEntries(rows)).toEqual({
      stem: [56, 56, 192, 4],
      stage1: [28, 28, 320, 8],
      stage2: [14, 14, 576, 16],
      stage3: [7, 7, 1024, 32],
    })
    expect(model.getLayer('stage2.reduction.concat').outputShape).toEqual([null, 14, 14, 576])
    expect(model.getLayer('stage3.reduction.concat').outputShape).toEqual([null, 7, 7, 1024])
    model.dispose()
  })

  it('pools by averages in all modules but the last', async () => {
    const model = await built('inception_v2')
    const pools = model.layers.filter(({ name }) => /block\d\.branchPool\.pool$/.test(name))
    const kinds = pools.map((layer) => layer.getClassName())
    expect(kinds).toEqual([...Array(7).fill('AveragePooling2D'), 'MaxPooling2D'])
    model.dispose()
  })

  it('sees 699 pixels from its last grid, from 318 before the first (receptive_field, google-research)', async () => {
    const model = await built('inception_v2', { flavor: 'slim' })
    const last = costOf(model).layers.findLast((row) => row.receptiveField !== undefined)!
    expect(last.receptiveField).toEqual({ size: 699, stride: 32, offset: -318 })
    model.dispose()
  })

  it('begins with a separable convolution in the flavor slim, with bias and without a norm', async () => {
    const model = await built('inception_v2', { flavor: 'slim' })
    const stem = model.layers.flatMap(({ name, weights }) =>
      name.startsWith('stem.conv1')
        ? weights.map(({ originalName, shape }) => `${originalName} ${shape.join('x')}`)
        : [],
    )
    expect(stem).toEqual([
      'stem.conv1.depthwise/depthwise_kernel 7x7x3x8',
      'stem.conv1.pointwise/kernel 1x1x24x64',
      'stem.conv1.pointwise/bias 64',
    ])
    model.dispose()
  })

  it.each([
    [{ classes: 5 }, [null, 5]],
    [{ includeTop: false, pooling: 'avg' }, [null, 1024]],
    [{ inputShape: [97, 64, 1], classes: 2, flavor: 'slim' }, [null, 2]],
    [{ inputShape: [null, null, 3], includeTop: false }, [null, null, null, 1024]],
  ] as const)('%o gives the output %j', async (options, shape) => {
    const before = memory().numTensors
    const model = await built('inception_v2', options)
    expect(model.outputShape).toEqual(shape)
    model.dispose()
    expect(memory().numTensors).toBe(before)
  })
})
