import '@tensorflow/tfjs-backend-cpu'
import { costOf, stages } from '@cnnkit/layers'
import { setBackend } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { correspondences } from '../dialect.ts'
import { architectureOf } from '../models.ts'
import { built } from '../testing/built.ts'

beforeAll(() => setBackend('cpu'))

const gridsOf = (model: LayersModel): Record<string, unknown> => {
  const grids = stages(model).filter(({ name }) => name !== 'head')
  return Object.fromEntries(
    grids.map(({ name, output, reduction }) => [name, [...output.shape.slice(1), reduction]] as const),
  )
}

describe('SqueezeNet', () => {
  // facts/torchvision.json and summary.tsv; at 224.
  it.each([
    ['squeezenet1_0', 1248424, 735424, '0.819'],
    ['squeezenet1_1', 1235496, 722496, '0.349'],
  ] as const)("%s has torchvision's parameters and operations", async (name, all, body, billions) => {
    const [model, bare] = [await built(name), await built(name, { includeTop: false })]
    const cost = costOf(model)
    expect(cost.parameters).toBe(all)
    expect((cost.multiplyAccumulates / 1e9).toFixed(3)).toBe(billions)
    expect(bare.countParams()).toBe(body)
    for (const each of [model, bare]) each.dispose()
  })

  it("has Caffe's operations at 227 (facts/slim.json)", async () => {
    const model = await built('squeezenet1_1', { flavor: 'caffe' })
    expect((costOf(model).multiplyAccumulates / 1e9).toFixed(4)).toBe('0.3877')
    model.dispose()
  })

  it("has the grids of the paper's table 1, and those of 1.1", async () => {
    const [first, second] = [await built('squeezenet1_0'), await built('squeezenet1_1')]
    expect(gridsOf(first)).toEqual({
      stem: [109, 109, 96, 2],
      stage1: [54, 54, 256, 4],
      stage2: [27, 27, 512, 8],
      stage3: [13, 13, 512, 16],
    })
    expect(gridsOf(second)).toEqual({
      stem: [111, 111, 64, 2],
      stage1: [55, 55, 128, 4],
      stage2: [27, 27, 256, 8],
      stage3: [13, 13, 512, 16],
    })
    for (const model of [first, second]) model.dispose()
  })

  it.each([
    ['caffe', [56, 28, 14]],
    ['torchvision', [56, 28, 14]],
    ['keras', [56, 27, 13]],
  ])('rounds its grids at 227 as the flavor %s does', async (flavor, sides) => {
    const model = await built('squeezenet1_1', { flavor, inputShape: [227, 227, 3] })
    const grids = ['stage1.pool', 'stage2.pool', 'stage3.pool'].map((name) => model.getLayer(name).outputShape[1])
    expect(grids).toEqual(sides)
    model.dispose()
  })

  it('has a name for each tensor in the dialects that have no golden', async () => {
    const { dialects } = await architectureOf('squeezenet1_1')
    const model = await built('squeezenet1_1', { flavor: 'keras' })
    const named = (wanted: string): readonly (string | undefined)[] =>
      correspondences(model, dialects.find(({ name }) => name === wanted)!).map(({ theirs }) => theirs)
    for (const wanted of ['keras', 'keras-1']) expect(new Set(named(wanted)).size).toBe(52)
    expect(named('keras')).toContain('fire9/expand3x3/kernel')
    // As in the file of DeepCognition/keras-squeezenet, uniform1 to uniform25 before the last convolution, and in that order: files with
    // other names are read by it.
    const kernels = named('keras-1').flatMap((name) => /uniform(\d+)$/.exec(name!)?.[1] ?? [])
    expect(kernels.map(Number)).toEqual(Array.from({ length: 26 }, (_, i) => i + 1))
    model.dispose()
  })

  it.each([
    [{ includeTop: false }, [null, 13, 13, 512]],
    [{ includeTop: false, pooling: 'avg' }, [null, 512]],
    [{ inputShape: [97, 66, 1], classes: 2 }, [null, 2]],
    [{ inputShape: [null, null, 3] }, [null, 1000]],
    [{ flavor: 'keras', inputShape: [null, null, 3] }, [null, 1000]],
  ] as const)('%o gives the output %o', async (options, shape) => {
    const model = await built('squeezenet1_1', options)
    expect(model.outputShape).toEqual(shape)
    model.dispose()
  })
})
