import '@tensorflow/tfjs-backend-cpu'
import { costOf, outputOf, stages } from '@cnnkit/layers'
import { setBackend } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { correspondences } from '../dialect.ts'
import { architectureOf, type ModelName } from '../models.ts'
import { built } from '../testing/built.ts'

beforeAll(() => setBackend('cpu'))

const sideOf = (model: LayersModel, path: string): number => outputOf(model.getLayer(path)).shape[1]!

describe('ResNet', () => {
  // torchvision's num_params and _ops (facts/torchvision.json); without the dense layer of 1000 x 512 or 2048 and its biases.
  it.each([
    ['resnet18', 11689512, 11176512, '1.814'],
    ['resnet34', 21797672, 21284672, '3.664'],
    ['resnet50', 25557032, 23508032, '4.089'],
    ['resnet101', 44549160, 42500160, '7.801'],
    ['resnet152', 60192808, 58143808, '11.514'],
  ] as const)("%s has torchvision's parameters and operations", async (name, parameters, bare, operations) => {
    const flavor = 'torchvision'
    const [model, body] = [await built(name, { flavor }), await built(name, { flavor, includeTop: false })]
    const cost = costOf(model)
    expect(cost.trainableParameters).toBe(parameters)
    expect((cost.multiplyAccumulates / 1e9).toFixed(3)).toBe(operations)
    expect(costOf(body).trainableParameters).toBe(bare)
    for (const each of [model, body]) each.dispose()
  })

  // keras.applications (facts/keras-applications.json); multiply-accumulates in units of 1e9.
  it.each([
    ['resnet50', 25636712, 25583592, 23587712, 3.858],
    ['resnet101', 44707176, 44601832, 42658176, 7.5702],
    ['resnet152', 60419944, 60268520, 58370944, 11.2824],
  ] as const)("%s has Keras' parameters and multiply-accumulates", async (name, all, trainable, without, billions) => {
    const [model, bare] = [await built(name), await built(name, { includeTop: false })]
    const cost = costOf(model)
    expect([cost.parameters, cost.trainableParameters, bare.countParams()]).toEqual([all, trainable, without])
    expect(cost.multiplyAccumulates / 1e9).toBeCloseTo(billions, 4)
    for (const each of [model, bare]) each.dispose()
  })

  // The last row of table 1, whose figures are partly rounded and partly cut. That of 34 layers leaves out the projections.
  it.each([
    ['plain18', 1.8],
    ['plain34', 3.6],
    ['resnet18', 1.8],
    ['resnet34', 3.6],
    ['resnet50', 3.8],
    ['resnet101', 7.6],
    ['resnet152', 11.3],
  ] as const)('%s needs the operations of table 1', async (name, billions) => {
    const model = await built(name)
    expect(Math.abs(costOf(model).multiplyAccumulates / 1e9 - billions)).toBeLessThan(0.07)
    model.dispose()
  })

  it.each([
    ['plain18', 1],
    ['plain34', 1],
    ['resnet18', 1],
    ['resnet34', 1],
    ['resnet50', 4],
    ['resnet101', 4],
    ['resnet152', 4],
  ] as const)('%s has the grids of table 1', async (name, expansion) => {
    const model = await built(name)
    const grids = stages(model).filter((stage) => stage.name !== 'head')
    const rows = grids.map(({ name, output, reduction }) => [name, [...output.shape.slice(1), reduction]])
    expect(Object.fromEntries(rows)).toEqual({
      stem: [56, 56, 64, 4],
      stage1: [56, 56, 64 * expansion, 4],
      stage2: [28, 28, 128 * expansion, 8],
      stage3: [14, 14, 256 * expansion, 16],
      stage4: [7, 7, 512 * expansion, 32],
    })
    model.dispose()
  })

  it.each([
    ['plain18', 18],
    ['plain34', 34],
    ['resnet18', 18],
    ['resnet34', 34],
    ['resnet50', 50],
    ['resnet101', 101],
    ['resnet152', 152],
  ] as const)('%s has %i layers with weights, the projections left out', async (name, depth) => {
    const model = await built(name)
    const counted = model.layers.filter((layer) => /^(Conv2D|Dense)$/.test(layer.getClassName()))
    expect(counted.filter((layer) => !layer.name.endsWith('.shortcut')).length).toBe(depth)
    model.dispose()
  })

  it('halves the grid in the first 1x1 of a stage in Keras, in its 3x3 in torchvision', async () => {
    for (const [flavor, side] of [
      ['keras', 28],
      ['torchvision', 56],
    ] as const) {
      const model = await built('resnet50', { flavor })
      expect(sideOf(model, 'stage2.block1.conv1')).toBe(side)
      expect(sideOf(model, 'stage2.block1.conv2')).toBe(28)
      model.dispose()
    }
  })

  it('has no shortcut in the plain networks, which have as many parameters but for the projections', async () => {
    const [plain, residual] = [await built('plain34'), await built('resnet34')]
    expect(plain.layers.filter((layer) => /\.(add|shortcut)/.test(layer.name))).toEqual([])
    const projections = costOf(residual).layers.filter(({ name }) => name.includes('.shortcut'))
    const more = projections.reduce((sum, { parameters }) => sum + parameters, 0)
    expect(residual.countParams() - plain.countParams()).toBe(more)
    for (const each of [plain, residual]) each.dispose()
  })

  it('names the classifier as the published files do, beside what Keras names it today', async () => {
    const model = await built('resnet101')
    const { dialects } = await architectureOf('resnet101')
    const named = (wanted: string): readonly (string | undefined)[] =>
      correspondences(model, dialects.find(({ name }) => name === wanted)!).map(({ theirs }) => theirs)
    expect(named('keras-file')).toEqual(named('keras').map((theirs) => theirs?.replace(/^predictions\//, 'probs/')))
    expect(named('keras-file')).toContain('probs/kernel')
    model.dispose()
  })

  it('has the published file of each network first but for ResNet-50, whose file of 2017 npm carries', async () => {
    const firstOf = async (name: ModelName): Promise<string | undefined> => (await architectureOf(name)).records[0]?.tag
    expect(await firstOf('resnet18')).toBe('torchvision-in1k')
    expect(await firstOf('resnet50')).toBe('keras-2017-in1k')
    expect(await firstOf('resnet152')).toBe('keras-in1k')
    expect(await firstOf('plain34')).toBeUndefined()
  })

  it.each([
    ['resnet18', { includeTop: false }, [null, 7, 7, 512]],
    ['resnet18', { includeTop: false, pooling: 'max' }, [null, 512]],
    ['resnet18', { inputShape: [97, 65, 1], classes: 2 }, [null, 2]],
    ['resnet18', { inputShape: [null, null, 3], includeTop: false }, [null, null, null, 512]],
    ['resnet50', { inputShape: [null, null, 3], includeTop: false, flavor: 'torchvision' }, [null, null, null, 2048]],
    ['plain18', { inputShape: [32, 32, 4], classes: 7 }, [null, 7]],
  ] as const)('%s with %o gives the output %o', async (name, options, shape) => {
    const model = await built(name, options)
    expect(model.outputShape).toEqual(shape)
    model.dispose()
  })
})
