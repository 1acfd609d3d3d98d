import '@tensorflow/tfjs-backend-cpu'
import { costOf, stages } from '@cnnkit/layers'
import { setBackend } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { correspondences } from '../dialect.ts'
import { architectureOf } from '../models.ts'
import { built } from '../testing/built.ts'

beforeAll(() => setBackend('cpu'))

describe('MobileNet v2', () => {
  // keras.applications.mobilenet_v2 (facts/keras-applications.json, width_variants); multiply-accumulates in units of 1e9.
  it.each([
    ['mobilenet_v2_035', 1691208, 1677128, 410208, 0.0593],
    ['mobilenet_v2_050', 1987224, 1968680, 706224, 0.0971],
    ['mobilenet_v2_075', 2663064, 2636424, 1382064, 0.2091],
    ['mobilenet_v2_100', 3538984, 3504872, 2257984, 0.3008],
    ['mobilenet_v2_130', 5431048, 5386792, 3766048, 0.5094],
    ['mobilenet_v2_140', 6156712, 6108776, 4363712, 0.5822],
  ] as const)("%s has Keras' parameters and multiply-accumulates", async (name, all, trainable, without, billions) => {
    const [model, bare] = [await built(name), await built(name, { includeTop: false })]
    const cost = costOf(model)
    expect(cost.parameters).toBe(all)
    expect(cost.trainableParameters).toBe(trainable)
    expect(cost.multiplyAccumulates / 1e9).toBeCloseTo(billions, 4)
    expect(bare.countParams()).toBe(without)
    for (const each of [model, bare]) each.dispose()
  })

  it("has torchvision's parameters and operations in torchvision's flavor", async () => {
    const model = await built('mobilenet_v2_100', { flavor: 'torchvision' })
    const cost = costOf(model)
    expect(cost.trainableParameters).toBe(3504872)
    expect((cost.multiplyAccumulates / 1e9).toFixed(3)).toBe('0.301')
    model.dispose()
  })

  it.each(['keras', 'torchvision'])("has the grids of the paper's table 2 in the flavor %s", async (flavor) => {
    const model = await built('mobilenet_v2_100', { flavor })
    const grids = stages(model).filter(({ name }) => name !== 'head')
    const rows = grids.map(({ name, output, reduction }) => [name, [...output.shape.slice(1), reduction]])
    expect(Object.fromEntries(rows)).toEqual({
      stem: [112, 112, 32, 2],
      stage1: [112, 112, 16, 2],
      stage2: [56, 56, 24, 4],
      stage3: [28, 28, 32, 8],
      stage4: [14, 14, 96, 16],
      stage5: [7, 7, 1280, 32],
    })
    expect(model.getLayer('stage4.block4.project').outputShape).toEqual([null, 14, 14, 64])
    expect(model.getLayer('stage5.block4.project').outputShape).toEqual([null, 7, 7, 320])
    model.dispose()
  })

  it('adds the input of a block where it has the shape of the output, and nowhere else', async () => {
    const model = await built('mobilenet_v2_100')
    const added = model.layers.flatMap(({ name }) => /^stage(\d)\.block(\d)\.add$/.exec(name)?.slice(1).join('.') ?? [])
    expect(added).toEqual(['2.2', '3.2', '3.3', '4.2', '4.3', '4.4', '4.6', '4.7', '5.2', '5.3'])
    model.dispose()
  })

  it('names the classifier as the files of 2018 do, beside what Keras names it today', async () => {
    const model = await built('mobilenet_v2_100')
    const { dialects } = await architectureOf('mobilenet_v2_100')
    const named = (wanted: string): readonly (string | undefined)[] =>
      correspondences(model, dialects.find(({ name }) => name === wanted)!).map(({ theirs }) => theirs)
    const renamed = named('keras').map((name) => name?.replace(/^predictions\//, 'Logits/'))
    expect(named('keras-2018')).toEqual(renamed)
    expect(named('keras-2018')).toContain('Logits/kernel')
    model.dispose()
  })

  it.each([
    [{ includeTop: false }, [null, 7, 7, 1280]],
    [{ includeTop: false, pooling: 'avg' }, [null, 1280]],
    [{ inputShape: [97, 65, 1], classes: 2 }, [null, 2]],
    [{ inputShape: [null, null, 3], includeTop: false }, [null, null, null, 1280]],
    [{ flavor: 'torchvision', inputShape: [null, null, 3], includeTop: false }, [null, null, null, 1280]],
  ] as const)('%o gives the output %o', async (options, shape) => {
    const model = await built('mobilenet_v2_035', options)
    expect(model.outputShape).toEqual(shape)
    model.dispose()
  })
})
