import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { wasm } from '@cnnkit/backend-wasm'
import { preprocess } from '@cnnkit/images'
import { cardOf, endpoint } from '@cnnkit/layers'
import { dispose, memory, type Tensor } from '@tensorflow/tfjs-core'
import { model as layersModel } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { createModel } from './index.ts'

interface Grid {
  readonly shape: readonly number[]
  readonly mean: number
  readonly first: readonly number[]
  readonly last: readonly number[]
}

const shared = (path: string): string => fileURLToPath(new URL(`../../../../shared/${path}`, import.meta.url))
const file = shared('data/weights/squeezenet11-keras-h5/squeezenet_weights_tf_dim_ordering_tf_kernels_notop.h5')
// Computed with NumPy from the same file.
const facts = shared('facts/offline-weights.json')

/** The facts' picture: pixel (i, j), channel c is (7i + 13j + 29c + 5(ij mod 31)) mod 256. */
const picture = (() => {
  const data = new Uint8Array(227 * 227 * 3)
  for (let i = 0; i < 227; i++) {
    for (let j = 0; j < 227; j++) {
      for (let c = 0; c < 3; c++) data[(i * 227 + j) * 3 + c] = (7 * i + 13 * j + 29 * c + 5 * ((i * j) % 31)) % 256
    }
  }
  return { data, width: 227, height: 227, channels: 3 } as const
})()

const endpoints = {
  stem: 'relu_conv1',
  'stage1.pool': 'pool1',
  'stage1.block1.concat': 'fire2/concat',
  stage1: 'fire3/concat',
  'stage2.pool': 'pool3',
  stage2: 'fire5/concat',
  'stage3.pool': 'pool5',
  stage3: 'fire9/concat',
}

beforeAll(async () => {
  await wasm().start()
})

describe('the genuine Keras file of SqueezeNet 1.1 without its top', () => {
  it.for([
    ['keras', 'squeezenet_1_1_227_floor_pool'],
    ['caffe', 'squeezenet_1_1_227_ceil_pool'],
  ] as const)('gives what NumPy gives for it in the flavor %s', async ([flavor, name], context) => {
    if (!existsSync(file) || !existsSync(facts)) context.skip('no ../shared beside the repository')
    const { stages } = JSON.parse(readFileSync(facts, 'utf8')).golden[name] as { stages: Record<string, Grid> }
    const before = memory().numTensors
    const options = { weights: file, includeTop: false, flavor, inputShape: [227, 227, 3] } as const
    const model = await createModel('squeezenet1_1', options)
    const outputs = Object.keys(endpoints).map((path) => endpoint(model, path))
    const probe = layersModel({ inputs: model.inputs, outputs })
    const x = preprocess(picture, { ...cardOf(model).preprocessing, cropFraction: 1 })
    const grids = probe.predict(x) as Tensor[]
    Object.values(endpoints).forEach((theirs, i) => {
      const { shape, mean, first, last } = stages[theirs]!
      expect(grids[i]!.shape.slice(1), theirs).toEqual(shape)
      const values = grids[i]!.dataSync<'float32'>()
      const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
      const average = values.reduce((sum, value) => sum + value, 0) / values.length
      expect(Math.abs(average - mean) / mean, theirs).toBeLessThan(1e-5)
      const ends = [...values.subarray(0, first.length), ...values.subarray(values.length - last.length)]
      for (const [place, value] of [...first, ...last].entries()) {
        expect(Math.abs(ends[place]! - value) / largest, theirs).toBeLessThan(1e-5)
      }
    })
    dispose([x, ...grids])
    model.dispose()
    expect(memory().numTensors).toBe(before)
  })

  it('shows by its names which flavor it fits', async (context) => {
    if (!existsSync(file)) context.skip('no ../shared beside the repository')
    const model = await createModel('squeezenet1_1', { weights: file, includeTop: false })
    expect(cardOf(model)).toMatchObject({ flavor: 'keras', preprocessing: { size: [227, 227], channelOrder: 'bgr' } })
    model.dispose()
  })
})
