import '@tensorflow/tfjs-backend-cpu'
import { costOf, outputOf } from '@cnnkit/layers'
import { setBackend } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { architectureOf, type ModelName } from '../models.ts'
import { built } from '../testing/built.ts'
import { gridsOf, namesIn, outputShapeOf, weightedLayers } from '../testing/structure.ts'

beforeAll(() => setBackend('cpu'))

const sideOf = (model: LayersModel, path: string): number => outputOf(model.getLayer(path)).shape[1]!

describe('ResNet', () => {
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
    expect(gridsOf(model)).toEqual({
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
    expect(weightedLayers(model).filter((layer) => !layer.name.endsWith('.shortcut')).length).toBe(depth)
    model.dispose()
  })

  it('sees 483 pixels from the last grid of 50 layers (Araujo et al. 2019, table of receptive fields)', async () => {
    const model = await built('resnet50')
    const last = costOf(model).layers.findLast((row) => row.receptiveField !== undefined)!
    expect(last.receptiveField).toMatchObject({ size: 483, stride: 32 })
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
    const [file, today] = [await namesIn('keras-file', 'resnet101'), await namesIn('keras', 'resnet101')]
    expect(file).toEqual(today.map((theirs) => theirs.replace(/^predictions\//, 'probs/')))
    expect(file).toContain('probs/kernel')
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
    expect(await outputShapeOf(name, options)).toEqual(shape)
  })
})
