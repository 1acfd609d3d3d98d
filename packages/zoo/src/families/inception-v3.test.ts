import '@tensorflow/tfjs-backend-cpu'
import { costOf, outputOf, stages } from '@cnnkit/layers'
import { memory, setBackend } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { published } from '../dialect.ts'
import { architectureOf } from '../models.ts'
import { built } from '../testing/built.ts'

beforeAll(() => setBackend('cpu'))

describe('Inception v3', () => {
  // facts/keras-applications.json, and the sum of facts/keras-layers; facts/torchvision.json (num_params leave out moving statistics).
  it.each([
    [{}, 'parameters', 23851784],
    [{}, 'trainableParameters', 23817352],
    [{ includeTop: false }, 'parameters', 21802784],
    [{}, 'multiplyAccumulates', 5713216096],
    [{ flavor: 'torchvision' }, 'trainableParameters', 23834568],
    [{ flavor: 'torchvision', auxiliary: true }, 'trainableParameters', 27161264],
    [{ flavor: 'torchvision', includeTop: false }, 'trainableParameters', 21785568],
    [{ flavor: 'torchvision' }, 'multiplyAccumulates', 5713216096],
  ] as const)('%o has the published %s: %i', async (options, kind, expected) => {
    const model = await built('inception_v3', options)
    expect(costOf(model)[kind]).toBe(expected)
    model.dispose()
  })

  // Where the release has other convolutions than the table: what keras.applications has in its comments.
  it("has the grids of the paper's table 1", async () => {
    const model = await built('inception_v3', { flavor: 'torchvision', auxiliary: true })
    const grids: Record<string, number[]> = {
      'stem.conv1': [149, 149, 32],
      'stem.conv2': [147, 147, 32],
      'stem.conv3': [147, 147, 64],
      'stem.pool1': [73, 73, 64],
      'stem.conv4': [73, 73, 80],
      'stem.conv5': [71, 71, 192],
      'stem.pool2': [35, 35, 192],
      'stage1.block1.concat': [35, 35, 256],
      'stage1.block3.concat': [35, 35, 288],
      'stage2.block1.concat': [17, 17, 768],
      'stage2.block5.concat': [17, 17, 768],
      'stage3.block1.concat': [8, 8, 1280],
      'stage3.block3.concat': [8, 8, 2048],
      'aux1.pool': [5, 5, 768],
      'aux1.conv2': [1, 1, 768],
    }
    const found = Object.keys(grids).map((path) => [path, outputOf(model.getLayer(path)).shape.slice(1)])
    expect(Object.fromEntries(found)).toEqual(grids)
    model.dispose()
  })

  it('halves the grid three times in the stem and once in each further stage', async () => {
    const model = await built('inception_v3')
    const reductions = stages(model).map(({ name, reduction }) => [name, reduction])
    expect(Object.fromEntries(reductions)).toEqual({ stem: 8, stage1: 8, stage2: 16, stage3: 32, head: undefined })
    model.dispose()
  })

  it.each([
    [{ classes: 5 }, [null, 5]],
    [{ includeTop: false, pooling: 'max' }, [null, 2048]],
    [{ includeTop: false, inputShape: [75, 75, 3] }, [null, 1, 1, 2048]],
    [{ flavor: 'torchvision', inputShape: [139, 97, 1], classes: 2 }, [null, 2]],
    [{ inputShape: [null, null, 3], includeTop: false }, [null, null, null, 2048]],
    ...[[75, 75, 3] as const, [150, 150, 3] as const, [null, null, 3] as const].map(
      (inputShape) =>
        [
          { flavor: 'torchvision', auxiliary: true, classes: 7, inputShape },
          [
            [null, 7],
            [null, 7],
          ],
        ] as const,
    ),
  ] as const)('%o gives the output %j', async (options, shape) => {
    const before = memory().numTensors
    const model = await built('inception_v3', options)
    expect(model.outputShape).toEqual(shape)
    model.dispose()
    expect(memory().numTensors).toBe(before)
  })

  it("is counted as in the file of 2016: model.json of Keras' Inception v3 has conv2d_1 to conv2d_94", async () => {
    const { dialects } = await architectureOf('inception_v3')
    const [today, then] = dialects
    expect([today!.name, then!.name]).toEqual(['keras', 'keras-2016'])
    const names = (path: string) => [published(path, today!), published(path, then!)]
    expect(names('stem.conv1')).toEqual(['conv2d', 'conv2d_1'])
    expect(names('stem.conv1.norm')).toEqual(['batch_normalization', 'batch_normalization_1'])
    expect(names('stage3.block3.branchPool.conv1.norm')).toEqual(['batch_normalization_93', 'batch_normalization_94'])
  })
})
