import '@tensorflow/tfjs-backend-cpu'
import { memory, setBackend } from '@tensorflow/tfjs-core'
import { input, type LayersModel, model as makeModel } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { type AuxiliaryHeadOptions, auxiliaryHead, costOf, rootScope } from '../index.ts'

const head = (side: number, channels: number, options: Omit<AuxiliaryHeadOptions, 'classes'>): LayersModel => {
  const flavor = {
    name: 'paper',
    convBias: false,
    normEpsilon: 1e-3,
    normMomentum: 0.9,
    stridedPadding: 'both',
    bottleneckStride: '1x1',
    kernelInitializer: 'heNormal',
  } as const
  const x = input({ shape: [side, side, channels] })
  const scope = rootScope({ flavor, weightsFollow: true }).at('aux1')
  return makeModel({ inputs: x, outputs: auxiliaryHead(x, scope, { classes: 10, ...options }) })
}

const shapes = (model: LayersModel): Readonly<Record<string, readonly number[]>> =>
  Object.fromEntries(costOf(model).layers.map(({ name, outputShape }) => [name, outputShape]))

beforeAll(() => setBackend('cpu'))

describe('auxiliaryHead', () => {
  it("has the steps of GoogLeNet's (Szegedy et al. 2014, section 5)", () => {
    const before = memory().numTensors
    const model = head(14, 512, { convolutions: [{ filters: 128, kernelSize: 1 }], units: 1024, dropout: 0.7 })
    expect(shapes(model)).toEqual({
      'aux1.pool': [4, 4, 512],
      'aux1.conv1': [4, 4, 128],
      'aux1.conv1.norm': [4, 4, 128],
      'aux1.conv1.relu': [4, 4, 128],
      'aux1.flatten': [2048],
      'aux1.fc': [1024],
      'aux1.fc.relu': [1024],
      'aux1.dropout': [1024],
      'aux1.logits': [10],
    })
    model.dispose()
    expect(memory().numTensors).toBe(before)
  })

  it("has the steps of Inception v3's (Szegedy et al. 2015, figure 8)", () => {
    const convolutions = [
      { filters: 128, kernelSize: 1 },
      { filters: 768, kernelSize: 5, padding: 'valid' },
    ] as const
    const model = head(17, 768, { convolutions })
    expect(shapes(model)).toMatchObject({
      'aux1.pool': [5, 5, 768],
      'aux1.conv1': [5, 5, 128],
      'aux1.conv2': [1, 1, 768],
      'aux1.global.pool': [768],
      'aux1.logits': [10],
    })
    model.dispose()
  })

  it('pools to the same grid from any other with a grid given, as torchvision', () => {
    for (const side of [3, 14, 19]) {
      const model = head(side, 8, { pool: { grid: [4, 4] }, convolutions: [{ filters: 2, kernelSize: 1 }], units: 5 })
      expect(shapes(model)).toMatchObject({ 'aux1.pool': [4, 4, 8], 'aux1.flatten': [32], 'aux1.logits': [10] })
      model.dispose()
    }
  })
})
