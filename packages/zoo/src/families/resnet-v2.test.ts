import '@tensorflow/tfjs-backend-cpu'
import { costOf, stages } from '@cnnkit/layers'
import { setBackend } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { correspondences } from '../dialect.ts'
import { architectureOf } from '../models.ts'
import { built } from '../testing/built.ts'

beforeAll(() => setBackend('cpu'))

describe('ResNet v2', () => {
  // keras.applications.resnet_v2 (facts/keras-applications.json); multiply-accumulates in units of 1e9.
  it.each([
    ['resnet50_v2', 25613800, 25568360, 23564800, 3.4823],
    ['resnet101_v2', 44675560, 44577896, 42626560, 7.1945],
    ['resnet152_v2', 60380648, 60236904, 58331648, 10.9067],
  ] as const)("%s has Keras' parameters and multiply-accumulates", async (name, all, trainable, without, billions) => {
    const [model, bare] = [await built(name), await built(name, { includeTop: false })]
    const cost = costOf(model)
    expect([cost.parameters, cost.trainableParameters, bare.countParams()]).toEqual([all, trainable, without])
    expect(cost.multiplyAccumulates / 1e9).toBeCloseTo(billions, 4)
    for (const each of [model, bare]) each.dispose()
  })

  // timm's results-imagenet.csv, in millions; moving statistics do not count there.
  it.each([
    ['resnet50_v2', '25.55'],
    ['resnet101_v2', '44.54'],
  ] as const)("%s has timm's parameters in timm's flavor", async (name, millions) => {
    const model = await built(name, { flavor: 'timm' })
    expect((costOf(model).trainableParameters / 1e6).toFixed(2)).toBe(millions)
    model.dispose()
  })

  // Keras halves the grid at the end of a stage, timm at the beginning of the next, as in the papers.
  it.each([
    ['keras', [28, 8], [14, 16], [7, 32]],
    ['timm', [56, 4], [28, 8], [14, 16]],
  ] as const)('has the grids of the original in the flavor %s', async (flavor, first, second, third) => {
    const model = await built('resnet50_v2', { flavor })
    const grids = stages(model).filter((stage) => stage.name !== 'head')
    const rows = grids.map(({ name, output, reduction }) => [name, [...output.shape.slice(2), reduction]])
    expect(Object.fromEntries(rows)).toEqual({
      stem: [56, 64, 4],
      stage1: [first[0], 256, first[1]],
      stage2: [second[0], 512, second[1]],
      stage3: [third[0], 1024, third[1]],
      stage4: [7, 2048, 32],
    })
    model.dispose()
  })

  it('names the classifier as the published files do, beside what Keras names it today', async () => {
    const model = await built('resnet50_v2')
    const { dialects } = await architectureOf('resnet50_v2')
    const named = (wanted: string): readonly (string | undefined)[] =>
      correspondences(model, dialects.find(({ name }) => name === wanted)!).map(({ theirs }) => theirs)
    expect(named('keras-file')).toEqual(named('keras').map((theirs) => theirs?.replace(/^predictions\//, 'probs/')))
    expect(named('keras-file')).toContain('probs/kernel')
    model.dispose()
  })

  it.each([
    [{ includeTop: false }, [null, 7, 7, 2048]],
    [{ inputShape: [97, 65, 1], classes: 2 }, [null, 2]],
    [{ flavor: 'timm', inputShape: [97, 65, 1], classes: 2 }, [null, 2]],
    [{ inputShape: [null, null, 3], includeTop: false }, [null, null, null, 2048]],
    [{ flavor: 'timm', inputShape: [null, null, 3], includeTop: false }, [null, null, null, 2048]],
  ] as const)('%o gives the output %o', async (options, shape) => {
    const model = await built('resnet50_v2', options)
    expect(model.outputShape).toEqual(shape)
    model.dispose()
  })
})
