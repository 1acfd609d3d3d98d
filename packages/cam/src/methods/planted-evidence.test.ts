import '@tensorflow/tfjs-backend-cpu'
import { memory, setBackend, type Tensor4D, tensor, tensor4d } from '@tensorflow/tfjs-core'
import { input, type LayersModel, layers, model as layersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { type ActivationMap, randomCam } from '../index.ts'
import { methods } from '../testing/methods.ts'

/**
 * The evidence is planted: the channels of stage 1 are how red, green and blue a cell of 2 x 2 pixels is, and class 1 is
 * decided by green alone.
 */
function planted(): LayersModel {
  const x = input({ shape: [16, 16, 3] })
  const cells = layers
    .conv2d({ name: 'stage1.conv', filters: 3, kernelSize: 2, strides: 2, useBias: false, activation: 'relu' })
    .apply(x) as SymbolicTensor
  const vector = layers.globalAveragePooling2d({ name: 'head.pool' }).apply(cells)
  const y = layers.dense({ name: 'head.logits', units: 2, activation: 'softmax' }).apply(vector) as SymbolicTensor
  const model = layersModel({ inputs: x, outputs: y, name: 'planted' })
  const colours = [1, 0, 0, 0, 1, 0, 0, 0, 1].map((value) => value / 4)
  model.getLayer('stage1.conv').setWeights([tensor([colours, colours, colours, colours].flat(), [2, 2, 3, 3])])
  model.getLayer('head.logits').setWeights([tensor([16, 0, 0, 32, 16, 0], [3, 2]), tensor([0, 0])])
  return model
}

/** Black, but for patches of 4 x 4 pixels: a green one, and a red and a blue one that are nearly as bright. */
function patches(): Tensor4D {
  const values = new Float32Array(16 * 16 * 3)
  const paint = (left: number, top: number, channel: number, level: number): void => {
    for (let i = 0; i < 16; i++) values[((top + (i >> 2)) * 16 + left + (i & 3)) * 3 + channel] = level
  }
  paint(4, 8, 1, 1)
  paint(0, 0, 0, 0.8)
  paint(12, 4, 2, 0.8)
  return tensor4d(values, [1, 16, 16, 3])
}

/** Whether a map is highest within the green patch. */
function finds({ values, width, height }: ActivationMap): boolean {
  const place = values.indexOf(Math.max(...values))
  const [x, y] = [((place % width) / width) * 16, (Math.floor(place / width) / height) * 16]
  return x >= 4 && x < 8 && y >= 8 && y < 12
}

beforeAll(() => setBackend('cpu'))

describe('planted evidence', () => {
  it.each(Object.keys(methods).filter((name) => name !== 'random'))('is found by %s', async (name) => {
    const [model, x] = [planted(), patches()]
    const before = memory().numTensors
    const [map] = await methods[name]!(model, x, { target: 1 })
    expect(finds(map!)).toBe(true)
    expect([map!.method, map!.target, map!.empty, map!.box]).toEqual([name, 1, false, [0, 0, 16, 16]])
    expect(memory().numTensors).toBe(before)
  })

  it('is found by random weights now and then', async () => {
    const [model, x] = [planted(), patches()]
    const found = []
    for (let seed = 1; seed <= 20; seed++) found.push(finds((await randomCam(model, x, { target: 1, seed }))[0]!))
    const hits = found.filter(Boolean).length
    expect(hits).toBeGreaterThan(2)
    expect(hits).toBeLessThan(15)
  })
})
