import { wasm } from '@cnnkit/backend-wasm'
import {
  dispose,
  logSoftmax,
  memory,
  neg,
  randomUniform,
  type Scalar,
  slice2d,
  sum,
  type Tensor2D,
  train,
} from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { classify, createModel, embed } from './index.ts'

beforeAll(async () => {
  await wasm().start()
})

const picture = {
  data: Uint8Array.from({ length: 80 * 64 * 3 }, (_, i) => (i * 7919) % 256),
  width: 80,
  height: 64,
  channels: 3,
} as const

const small = (): Promise<LayersModel> =>
  createModel('mobilenet_v2_035', { weights: null, seed: 5, inputShape: [64, 64, 3], classes: 4 })

/** The probabilities in the order of the classes. */
async function probabilities(model: LayersModel, fused?: boolean): Promise<readonly number[]> {
  const found = await classify(model, picture, fused === undefined ? {} : { fused })
  return [...found].sort((a, b) => a.index - b.index).map(({ probability }) => probability)
}

/** One step of gradient descent on random pixels, all layers, norms by the batch: weights and statistics move. */
function trainStep(model: LayersModel): void {
  const x = randomUniform([4, 64, 64, 3], -1, 1, 'float32', 9)
  const optimizer = train.sgd(0.5)
  optimizer.minimize(() => {
    const logits = model.apply(x, { training: true }) as Tensor2D
    return neg(sum(slice2d(logSoftmax(logits), [0, 0], [1, 1]))) as Scalar
  })
  optimizer.dispose()
  dispose(x)
}

describe('classify and embed on the fused form', () => {
  it('see a training step between two calls, and keep no tensor from the second call on', async () => {
    const before = memory().numTensors
    const model = await small()
    const first = await probabilities(model)
    embed(model, picture).dispose()
    const held = memory().numTensors
    expect(await probabilities(model)).toEqual(first)
    expect(memory().numTensors).toBe(held)
    trainStep(model)
    const [fused, unfused] = [await probabilities(model), await probabilities(model, false)]
    expect(Math.max(...fused.map((p, i) => Math.abs(p - first[i]!)))).toBeGreaterThan(1e-3)
    expect(Math.max(...fused.map((p, i) => Math.abs(p - unfused[i]!)))).toBeLessThan(1e-5)
    const [a, b] = [embed(model, picture), embed(model, picture, { fused: false })]
    const [x, y] = [a.dataSync(), b.dataSync()]
    expect(Math.max(...x.map((value, i) => Math.abs(value - y[i]!))) / Math.max(...y)).toBeLessThan(1e-5)
    dispose([a, b])
    expect(memory().numTensors).toBe(held)
    model.dispose()
    expect(memory().numTensors).toBe(before)
  })
})
