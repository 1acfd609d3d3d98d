import { wasm } from '@cnnkit/backend-wasm'
import { preprocess } from '@cnnkit/images'
import { cardOf, endpoint } from '@cnnkit/layers'
import { mean, memory, type Tensor, tidy } from '@tensorflow/tfjs-core'
import { type LayersModel, model as layersModel } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { embed } from './embed.ts'
import { createModel, type ModelName, type ModelOptions } from './index.ts'

beforeAll(async () => {
  await wasm().start()
})

const picture = {
  data: Uint8Array.from({ length: 80 * 64 * 3 }, (_, i) => (i * 7919) % 256),
  width: 80,
  height: 64,
  channels: 3,
} as const

const small = (name: ModelName, options: ModelOptions = {}): Promise<LayersModel> =>
  createModel(name, { weights: null, seed: 5, inputShape: [64, 64, 3], classes: 4, ...options })

/** What a layer gives on the picture, averaged over its pixels, taken by plain TensorFlow.js. */
function meanOf(model: LayersModel, path: string): readonly number[] {
  const probe = layersModel({ inputs: model.inputs, outputs: endpoint(model, path) })
  return tidy(() => {
    const x = preprocess(picture, cardOf(model).preprocessing)
    return [...mean(probe.predict(x) as Tensor, [1, 2]).dataSync()]
  })
}

const close = (a: Tensor, b: readonly number[]): void => {
  const values = [...a.dataSync()]
  expect(values.length).toBe(b.length)
  const largest = Math.max(...b.map(Math.abs))
  expect(largest).toBeGreaterThan(0)
  expect(Math.max(...values.map((value, i) => Math.abs(value - b[i]!))) / largest).toBeLessThan(1e-5)
  a.dispose()
}

describe('embed', () => {
  it('gives what the classifier takes: the pooled last grid', async () => {
    const model = await small('mobilenet_v2_035')
    const vector = embed(model, picture)
    expect(vector.shape).toEqual([1, 1280])
    close(vector, meanOf(model, 'stage5'))
    model.dispose()
  })

  it("gives fc7's output of AlexNet", async () => {
    const model = await small('alexnet', { inputShape: [96, 96, 3] })
    const vector = embed(model, [picture, picture])
    expect(vector.shape).toEqual([2, 4096])
    expect(Math.min(...vector.dataSync())).toBe(0) // ReLU stands before the classifier
    vector.dispose()
    model.dispose()
  })

  it('gives the mean of the last grid of SqueezeNet, which classifies before it pools', async () => {
    const model = await small('squeezenet1_1')
    const vector = embed(model, picture)
    expect(vector.shape).toEqual([1, 512])
    const last = model.layers.findLast(({ name }) => /^stage/.test(name))!.name
    close(vector, meanOf(model, last))
    model.dispose()
  })

  it('gives the same without the top, pooled or not', async () => {
    const forms: ModelOptions[] = [{}, { includeTop: false }, { includeTop: false, pooling: 'avg' }]
    const vectors: number[][] = []
    for (const options of forms) {
      const model = await small('mobilenet_v1_025', options)
      const vector = embed(model, picture)
      vectors.push([...vector.dataSync()])
      vector.dispose()
      model.dispose()
    }
    expect(vectors[0]).toHaveLength(256)
    for (const other of vectors.slice(1)) expect(other).toEqual(vectors[0])
  })

  it('takes any path, averages a grid and flattens the rest', async () => {
    const model = await small('mobilenet_v1_025')
    close(embed(model, picture, { layer: 'stage2' }), meanOf(model, 'stage2'))
    close(embed(model, picture, { layer: 'stage3.block1.depthwise' }), meanOf(model, 'stage3.block1.depthwise'))
    const logits = embed(model, picture, { layer: 'head.logits' })
    expect(logits.shape).toEqual([1, 4])
    logits.dispose()
    expect(() => embed(model, picture, { layer: 'stage9' })).toThrow('No layer "stage9"')
    model.dispose()
  })

  it('leaves nothing behind but the fused form, which goes with the model', async () => {
    const empty = memory().numTensors
    const model = await small('mobilenet_v1_025')
    const paths = [{}, { layer: 'stem' }, { layer: 'head.pool' }, { layer: 'stage2.block1.depthwise' }]
    for (const options of paths) embed(model, picture, options).dispose()
    const before = memory().numTensors
    for (const options of paths) embed(model, picture, options).dispose()
    expect(() => embed(model, picture, { layer: 'stage9' })).toThrow()
    expect(memory().numTensors).toBe(before)
    model.dispose()
    expect(memory().numTensors).toBe(empty)
  })
})
