import '@tensorflow/tfjs-backend-cpu'
import { costOf } from '@cnnkit/layers'
import { memory, setBackend } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { architectureOf } from '../models.ts'
import { built } from '../testing/built.ts'
import { gridsOf, outputShapeOf } from '../testing/structure.ts'

beforeAll(() => setBackend('cpu'))

describe('MobileNet v1', () => {
  // Howard et al. 2017, tables 6 and 7: millions of multiply-accumulates and of parameters.
  it.each([
    ['mobilenet_v1_100', 224, 569, 4.2],
    ['mobilenet_v1_075', 224, 325, 2.6],
    ['mobilenet_v1_050', 224, 149, 1.3],
    ['mobilenet_v1_025', 224, 41, 0.5],
    ['mobilenet_v1_100', 192, 418, 4.2],
    ['mobilenet_v1_100', 160, 290, 4.2],
    ['mobilenet_v1_100', 128, 186, 4.2],
    ['mobilenet_v1_050', 160, 76, 1.3],
  ] as const)("%s at %i costs what the paper's tables say", async (name, size, millions, parameters) => {
    const model = await built(name, { inputShape: [size, size, 3] })
    const cost = costOf(model)
    // The paper prints 149 and 76 for 149.5 and 76.6, and counts no classifier's bias.
    expect(Math.abs(cost.multiplyAccumulates / 1e6 - millions)).toBeLessThan(1)
    expect(cost.trainableParameters / 1e6).toBeCloseTo(parameters, 1)
    model.dispose()
  })

  it("has timm's parameters in timm's flavor", async () => {
    const model = await built('mobilenet_v1_100', { flavor: 'timm' })
    // 4.23 M in timm's results; the moving statistics are not counted there.
    expect(costOf(model).trainableParameters).toBe(4231976)
    model.dispose()
  })

  it('has a record for each size that Keras trained, the largest first', async () => {
    const { records } = await architectureOf('mobilenet_v1_050')
    const rows = records.map(({ tag, preprocessing, sources }) => [
      tag,
      preprocessing.size[0],
      sources.map((source) => (source.kind === 'url' ? source.url.split('/').at(-1) : source.kind)),
    ])
    expect(rows).toEqual([
      ['keras-in1k', 224, ['mobilenet_5_0_224_tf.h5']],
      ['keras-in1k-192', 192, ['mobilenet_5_0_192_tf.h5']],
      ['keras-in1k-160', 160, ['mobilenet_5_0_160_tf.h5']],
      ['keras-in1k-128', 128, ['mobilenet_5_0_128_tf.h5']],
    ])
    const quarter = await architectureOf('mobilenet_v1_025')
    expect(quarter.records[0]!.sources.map(({ kind }) => kind)).toEqual(['package', 'url'])
  })

  it('has the grids of table 1', async () => {
    const model = await built('mobilenet_v1_100')
    expect(gridsOf(model)).toEqual({
      stem: [112, 112, 32, 2],
      stage1: [112, 112, 64, 2],
      stage2: [56, 56, 128, 4],
      stage3: [28, 28, 256, 8],
      stage4: [14, 14, 512, 16],
      stage5: [7, 7, 1024, 32],
    })
    model.dispose()
  })

  it.each([
    [{ includeTop: false }, [null, 7, 7, 256]],
    [{ includeTop: false, pooling: 'avg' }, [null, 256]],
    [{ includeTop: false, pooling: 'max' }, [null, 256]],
    [{ classes: 5 }, [null, 5]],
    [{ inputShape: [96, 128, 1], classes: 2 }, [null, 2]],
    [{ inputShape: [null, null, 3], includeTop: false }, [null, null, null, 256]],
  ] as const)('%o gives the output %o, and frees all it made', async (options, shape) => {
    const before = memory().numTensors
    expect(await outputShapeOf('mobilenet_v1_025', options)).toEqual(shape)
    expect(memory().numTensors).toBe(before)
  })
})
