import '@tensorflow/tfjs-backend-cpu'
import { readFileSync } from 'node:fs'
import type { Picture } from '@cnnkit/images'
import { preprocess } from '@cnnkit/images'
import { cardOf, endpoint, runStretch, stretch } from '@cnnkit/layers'
import { mobilenetV1025 } from '@cnnkit/weights-mobilenet-v1-025'
import { memory, setBackend, type Tensor, tidy } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { classify, createModel, embed, features } from './index.ts'

interface Golden {
  readonly stages: Record<string, { shape: number[]; mean: number; first: number[]; last: number[] }>
  readonly logits: number[]
}

// Computed in float64 with NumPy from the genuine weights.
const golden = JSON.parse(readFileSync(new URL('./golden/mobilenet-v1-025.json', import.meta.url), 'utf8')) as Golden

/** The golden's input: pixel (i, j), channel c is (7i + 13j + 29c + 5(ij mod 31)) mod 256. */
const picture = ((): Picture => {
  const data = new Uint8Array(224 * 224 * 3)
  for (let i = 0; i < 224; i++) {
    for (let j = 0; j < 224; j++) {
      for (let c = 0; c < 3; c++) data[(i * 224 + j) * 3 + c] = (7 * i + 13 * j + 29 * c + 5 * ((i * j) % 31)) % 256
    }
  }
  return { data, width: 224, height: 224, channels: 3 }
})()

let model: LayersModel
beforeAll(async () => {
  await setBackend('cpu')
  model = await createModel('mobilenet_v1_025', { weights: mobilenetV1025 })
})
afterAll(() => model.dispose())

const run = (path: string): Tensor =>
  tidy(() => {
    const { preprocessing } = cardOf(model)
    // The golden's picture is 224 x 224 already: it is normalised and not cropped.
    const x = preprocess(picture, { ...preprocessing, cropFraction: 1 })
    return runStretch(stretch(model, model.inputs[0]!, endpoint(model, path)), x)
  })

describe('the genuine Keras weights of MobileNet v1 0.25', () => {
  it.each([
    ['stem', 'conv1_relu'],
    ['stage1', 'conv_pw_1_relu'],
    ['stage2.block1', 'conv_pw_2_relu'],
    ['stage3', 'conv_pw_5_relu'],
    ['stage4', 'conv_pw_11_relu'],
    ['stage5', 'conv_pw_13_relu'],
    ['head.pool', 'global_average_pool'],
  ])('%s is what NumPy gives for %s', (path, theirs) => {
    const { shape, mean, first, last } = golden.stages[theirs]!
    const grid = run(path)
    expect(grid.shape.slice(1)).toEqual(shape)
    const values = grid.dataSync<'float32'>()
    grid.dispose()
    expect(values.reduce((sum, value) => sum + value, 0) / values.length).toBeCloseTo(mean, 4)
    first.forEach((value, i) => {
      expect(values[i]).toBeCloseTo(value, 3)
    })
    last.forEach((value, i) => {
      expect(values[values.length - last.length + i]).toBeCloseTo(value, 3)
    })
  })

  it('gives the logits to 1e-4', () => {
    const logits = run('head.logits').dataSync()
    const scale = Math.max(...golden.logits.map(Math.abs))
    golden.logits.forEach((value, i) => {
      expect(Math.abs(logits[i]! - value) / scale).toBeLessThan(1e-4)
    })
  })
})

describe('classify, embed and features', () => {
  it('give one result for a picture and a list for a list', async () => {
    const one = await classify(model, picture, { top: 3 })
    expect(one).toHaveLength(3)
    const [same, again] = await classify(model, [picture, picture], { top: 3 })
    expect(same).toEqual(one)
    expect(again).toEqual(one)
    expect(one[0]!.id).toMatch(/^n\d{8}$/)
    expect(one[0]!.probability).toBeGreaterThan(one[1]!.probability)
  })

  it('leave no tensor behind', async () => {
    const before = memory().numTensors
    await classify(model, picture)
    const vector = embed(model, picture)
    expect(vector.shape).toEqual([1, 256])
    vector.dispose()
    expect(memory().numTensors).toBe(before)
  })

  it('hand on several grids', () => {
    const grids = features(model, ['stage2', 'stage4'])
    expect(grids.outputShape).toEqual([
      [null, 56, 56, 32],
      [null, 14, 14, 128],
    ])
  })
})

describe('a fresh head on the pretrained body', () => {
  it('comes with another number of classes, and says no labels', async () => {
    const five = await createModel('mobilenet_v1_025', { weights: mobilenetV1025, classes: 5, seed: 1 })
    expect(five.outputShape).toEqual([null, 5])
    expect(cardOf(five).labels).toBeNull()
    const kernel = (name: string, of: LayersModel) => of.getLayer(name).getWeights()[0]!.dataSync()
    expect([...kernel('stage5.block2.pointwise', five)]).toEqual([...kernel('stage5.block2.pointwise', model)])
    expect(Math.max(...kernel('head.logits', five))).toBeGreaterThan(0)
    five.dispose()
  })

  it('is not needed without a top', async () => {
    const body = await createModel('mobilenet_v1_025', { weights: mobilenetV1025, includeTop: false })
    expect(body.outputShape).toEqual([null, 7, 7, 256])
    body.dispose()
  })
})
