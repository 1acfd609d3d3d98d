import { input, layers, model as makeModel } from '@tensorflow/tfjs-layers'
import '@tensorflow/tfjs-backend-cpu'
import { memory, setBackend } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { costOf, outputSize } from '../index.ts'

beforeAll(() => setBackend('cpu'))

describe('outputSize', () => {
  it.each([
    [227, 11, 0, 4, 55], // AlexNet's first convolution
    [224, 7, 3, 2, 112], // ResNet's
    [112, 3, 1, 2, 56], // ResNet's pooling
    [14, 3, 'same', 2, 7],
  ] as const)('%i rows, window %i, padding %s, stride %i give %i', (size, kernel, padding, stride, rows) => {
    expect(outputSize(size, kernel, padding, stride)).toBe(rows)
  })

  it('refuses a window that does not fit', () => {
    expect(() => outputSize(2, 3, 0, 1)).toThrow('A window of 3 does not fit a grid of 2')
  })
})

describe('costOf', () => {
  // By hand: 3x3 convolution 3 -> 8 at stride 2 on 32 x 32, depthwise 3x3, 3x3 max pooling at stride 2, dense 8 -> 10.
  const x = () => input({ shape: [32, 32, 3], name: 'x' })
  const build = () => {
    const inputs = x()
    let y = layers.conv2d({ name: 'conv', filters: 8, kernelSize: 3, strides: 2, padding: 'same' }).apply(inputs)
    y = layers.depthwiseConv2d({ name: 'depthwise', kernelSize: 3, padding: 'same', useBias: false }).apply(y as never)
    y = layers.maxPooling2d({ name: 'pool', poolSize: 3, strides: 2 }).apply(y as never)
    y = layers.globalAveragePooling2d({ name: 'mean' }).apply(y as never)
    y = layers.dense({ name: 'dense', units: 10 }).apply(y as never)
    return makeModel({ inputs, outputs: y as never })
  }

  it('counts parameters and multiply-accumulates as by hand', () => {
    const model = build()
    model.getLayer('conv').trainable = false
    const before = memory().numTensors
    const cost = costOf(model)
    expect(memory().numTensors).toBe(before)
    const macs = Object.fromEntries(cost.layers.map((row) => [row.name, row.multiplyAccumulates]))
    expect(macs).toEqual({ conv: 16 * 16 * 27 * 8, depthwise: 16 * 16 * 9 * 8, pool: 0, mean: 0, dense: 80 })
    expect(cost.parameters).toBe(224 + 72 + 90)
    expect(cost.trainableParameters).toBe(72 + 90)
    expect(cost.multiplyAccumulates).toBe(55_296 + 18_432 + 80)
    expect(cost.layers.map((row) => row.activationBytes)).toEqual([8192, 8192, 1568, 32, 40])
  })

  it('follows the receptive field to the end of the grid', () => {
    const fields = costOf(build()).layers.map((row) => row.receptiveField)
    expect(fields[0]).toEqual({ size: 3, stride: 2, offset: 0 }) // `same` at stride 2 pads below and right only
    expect(fields[1]).toEqual({ size: 7, stride: 2, offset: -2 })
    expect(fields[2]).toEqual({ size: 11, stride: 4, offset: -2 })
    expect(fields[3]).toBeUndefined()
  })

  it('moves the receptive field by what is padded and cropped', () => {
    const inputs = x()
    const padded = layers
      .zeroPadding2d({
        name: 'pad',
        padding: [
          [0, 1],
          [0, 1],
        ],
      })
      .apply(inputs)
    const cropped = layers
      .cropping2D({
        name: 'crop',
        cropping: [
          [1, 0],
          [1, 0],
        ],
      })
      .apply(padded)
    const y = layers.conv2d({ name: 'conv', filters: 8, kernelSize: 1, strides: 2 }).apply(cropped)
    const fields = costOf(makeModel({ inputs, outputs: y as never })).layers.map((row) => row.receptiveField)
    expect(fields.map((field) => field!.offset)).toEqual([0, 1, 1])
    expect(fields[2]).toEqual({ size: 1, stride: 2, offset: 1 })
  })
})
