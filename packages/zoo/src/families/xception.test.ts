import '@tensorflow/tfjs-backend-cpu'
import { costOf, outputOf, stages } from '@cnnkit/layers'
import { memory, setBackend } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { built } from '../testing/built.ts'

beforeAll(() => setBackend('cpu'))

describe('Xception', () => {
  // facts/keras-applications.json, and the sum of facts/keras-layers; the paper's table 3 has the trained ones: 22,855,952.
  it.each(['keras', 'timm'] as const)(
    "has the paper's and Keras' parameters in the flavor %s, to the digit",
    async (flavor) => {
      const model = await built('xception', { flavor })
      expect(costOf(model)).toMatchObject({
        parameters: 22910480,
        trainableParameters: 22855952,
        multiplyAccumulates: 8357403496,
      })
      model.dispose()
      const body = await built('xception', { flavor, includeTop: false })
      expect(body.countParams()).toBe(20861480)
      body.dispose()
    },
  )

  it("has the grids of the paper's figure 5, at reductions 2 to 32", async () => {
    const model = await built('xception')
    const grids = stages(model).filter((stage) => stage.name !== 'head')
    const rows = grids.map(({ name, output, reduction }) => [name, [...output.shape.slice(1), reduction]])
    expect(Object.fromEntries(rows)).toEqual({
      stem: [147, 147, 64, 2],
      stage1: [74, 74, 128, 4],
      stage2: [37, 37, 256, 8],
      stage3: [19, 19, 728, 16],
      stage4: [10, 10, 2048, 32],
    })
    expect(outputOf(model.getLayer('stage4.block1.add')).shape).toEqual([null, 10, 10, 1024])
    expect(outputOf(model.getLayer('stage4.block2.conv1.relu')).shape).toEqual([null, 10, 10, 1536])
    model.dispose()
  })

  it('has 36 convolutional layers in 14 modules, all but the first and the last with a shortcut (section 4)', async () => {
    const model = await built('xception')
    const names = model.layers.map(({ name }) => name)
    const convolutions = names.filter((name) => /(^stem\.conv\d|\.depthwise)$/.test(name))
    expect(convolutions).toHaveLength(36)
    const modules = new Set(convolutions.map((name) => /^(stem|stage\d+\.block\d+)/.exec(name)![1]))
    expect(modules.size).toBe(14)
    expect(names.filter((name) => name.endsWith('.add'))).toHaveLength(12)
    model.dispose()
  })

  it.each([
    [{ classes: 5 }, [null, 5]],
    [{ includeTop: false, pooling: 'max' }, [null, 2048]],
    [{ includeTop: false, inputShape: [71, 71, 3] }, [null, 3, 3, 2048]],
    [{ flavor: 'timm', inputShape: [131, 96, 1], classes: 2 }, [null, 2]],
    [{ inputShape: [null, null, 3], includeTop: false }, [null, null, null, 2048]],
  ] as const)('%o gives the output %j', async (options, shape) => {
    const before = memory().numTensors
    const model = await built('xception', options)
    expect(model.outputShape).toEqual(shape)
    model.dispose()
    expect(memory().numTensors).toBe(before)
  })
})
