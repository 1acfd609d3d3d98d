import '@tensorflow/tfjs-backend-cpu'
import { readFileSync } from 'node:fs'
import { costOf, stages } from '@cnnkit/layers'
import { memory, setBackend } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildNetwork } from '../build-network.ts'
import { correspondences } from '../dialect.ts'
import type { ModelOptions } from '../model-options.ts'
import { architectureOf, type ModelName } from '../models.ts'

interface KerasNetwork {
  readonly parameters: number
  readonly trainable: number
  readonly withoutTop: number
  readonly macs: number
  /** `conv1_conv/kernel 7x7x3x64`, in Keras' order. */
  readonly weights: readonly string[]
}

const golden = JSON.parse(readFileSync(new URL('../golden/keras-weights.json', import.meta.url), 'utf8')) as {
  models: Record<string, KerasNetwork>
}

beforeAll(() => setBackend('cpu'))

const built = async (name: string, options: ModelOptions = {}): Promise<LayersModel> => {
  const architecture = await architectureOf(name as ModelName)
  return buildNetwork(architecture, options, { flavor: architecture.flavors[0]!, weightsFollow: true })
}

describe.each(Object.entries(golden.models))('%s in the Keras flavor', (name, keras) => {
  let model: LayersModel
  beforeAll(async () => {
    model = await built(name)
    return () => model.dispose()
  })

  it("has Keras' parameters and multiply-accumulates, to the digit", async () => {
    const cost = costOf(model)
    expect(cost.parameters).toBe(keras.parameters)
    expect(cost.trainableParameters).toBe(keras.trainable)
    expect(cost.multiplyAccumulates).toBe(keras.macs)
    const body = await built(name, { includeTop: false })
    expect(body.countParams()).toBe(keras.withoutTop)
    body.dispose()
  })

  it("names each weight as Keras' file does, one to one", async () => {
    const { dialects } = await architectureOf(name as ModelName)
    const pairs = correspondences(model, dialects.find((dialect) => dialect.name === 'keras')!)
    const ours = pairs.map(({ theirs, shape }) => `${theirs} ${shape.join('x')}`)
    expect(new Set(ours).size).toBe(ours.length)
    expect([...ours].sort()).toEqual([...keras.weights].sort())
  })
})

describe('endpoints', () => {
  it.each([
    [
      'resnet50',
      {
        stem: [56, 56, 64, 4],
        stage1: [56, 56, 256, 4],
        stage2: [28, 28, 512, 8],
        stage3: [14, 14, 1024, 16],
        stage4: [7, 7, 2048, 32],
      },
    ],
    [
      'mobilenet_v1_100',
      {
        stem: [112, 112, 32, 2],
        stage1: [112, 112, 64, 2],
        stage2: [56, 56, 128, 4],
        stage3: [28, 28, 256, 8],
        stage4: [14, 14, 512, 16],
        stage5: [7, 7, 1024, 32],
      },
    ],
  ])("%s has the grids of its paper's table 1", async (name, table) => {
    const model = await built(name)
    const grids = stages(model).filter((stage) => stage.name !== 'head')
    const rows = grids.map(({ name, output, reduction }) => [name, [...output.shape.slice(1), reduction]])
    expect(Object.fromEntries(rows)).toEqual(table)
    model.dispose()
  })

  it('ResNet-50 sees 483 pixels from its last grid (Araujo et al. 2019, table of receptive fields)', async () => {
    const model = await built('resnet50')
    const last = costOf(model).layers.findLast((row) => row.receptiveField !== undefined)!
    expect(last.receptiveField).toMatchObject({ size: 483, stride: 32 })
    model.dispose()
  })
})

describe('options', () => {
  it.each([
    [{ includeTop: false }, [null, 7, 7, 256]],
    [{ includeTop: false, pooling: 'avg' }, [null, 256]],
    [{ includeTop: false, pooling: 'max' }, [null, 256]],
    [{ classes: 5 }, [null, 5]],
    [{ inputShape: [96, 128, 1], classes: 2 }, [null, 2]],
    [{ inputShape: [null, null, 3], includeTop: false }, [null, null, null, 256]],
  ] as const)('%o gives the output %o', async (options, shape) => {
    const model = await built('mobilenet_v1_025', options)
    expect(model.outputShape).toEqual(shape)
    model.dispose()
  })

  it('frees all it made', async () => {
    const before = memory().numTensors
    ;(await built('mobilenet_v1_025')).dispose()
    expect(memory().numTensors).toBe(before)
  })
})
