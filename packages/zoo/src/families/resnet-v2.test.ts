import '@tensorflow/tfjs-backend-cpu'
import { costOf } from '@cnnkit/layers'
import { setBackend } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { built } from '../testing/built.ts'
import { gridsOf, namesIn, outputShapeOf } from '../testing/structure.ts'

beforeAll(() => setBackend('cpu'))

describe('ResNet v2', () => {
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
    expect(gridsOf(model)).toEqual({
      stem: [56, 56, 64, 4],
      stage1: [first[0], first[0], 256, first[1]],
      stage2: [second[0], second[0], 512, second[1]],
      stage3: [third[0], third[0], 1024, third[1]],
      stage4: [7, 7, 2048, 32],
    })
    model.dispose()
  })

  it('names the classifier as the published files do, beside what Keras names it today', async () => {
    const [file, today] = [await namesIn('keras-file', 'resnet50_v2'), await namesIn('keras', 'resnet50_v2')]
    expect(file).toEqual(today.map((theirs) => theirs.replace(/^predictions\//, 'probs/')))
    expect(file).toContain('probs/kernel')
  })

  it.each([
    [{ includeTop: false }, [null, 7, 7, 2048]],
    [{ inputShape: [97, 65, 1], classes: 2 }, [null, 2]],
    [{ flavor: 'timm', inputShape: [97, 65, 1], classes: 2 }, [null, 2]],
    [{ inputShape: [null, null, 3], includeTop: false }, [null, null, null, 2048]],
    [{ flavor: 'timm', inputShape: [null, null, 3], includeTop: false }, [null, null, null, 2048]],
  ] as const)('%o gives the output %o', async (options, shape) => {
    expect(await outputShapeOf('resnet50_v2', options)).toEqual(shape)
  })
})
