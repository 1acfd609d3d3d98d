import '@tensorflow/tfjs-backend-cpu'
import { memory, ones, setBackend, type Tensor, tidy } from '@tensorflow/tfjs-core'
import { input, type LayersModel, model as makeModel } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Flavor, type PoolOptions, pool, rootScope, roundUp } from '../index.ts'

const flavor: Flavor = {
  name: 'test',
  convBias: false,
  normEpsilon: 1e-3,
  normMomentum: 0.9,
  stridedPadding: 'same',
  bottleneckStride: '1x1',
  kernelInitializer: 'heNormal',
}

const pooling = (
  side: number | null,
  kind: 'max' | 'avg',
  options: PoolOptions,
  other: Partial<Flavor> = {},
): LayersModel => {
  const x = input({ shape: [side, side, 1] })
  const scope = rootScope({ flavor: { ...flavor, ...other } }).at('pool')
  return makeModel({ inputs: x, outputs: pool(x, scope, kind, options) })
}

const sideOf = (model: LayersModel, side: number): number =>
  tidy(() => (model.predict(ones([1, side, side, 1])) as Tensor).shape[1]!)

beforeAll(() => setBackend('cpu'))

describe('pool', () => {
  it.each([
    [112, 3, 56],
    [113, 3, 56],
    [55, 3, 27],
    [56, 3, 28],
    [2, 3, 1],
    [14, 2, 7],
    [7, 2, 4],
  ])('rounds up from %i by %ix/2 to %i, as ceil((n - size) / 2) + 1', (side, size, expected) => {
    expect(Math.ceil((side - size) / 2) + 1).toBe(expected)
    const model = pooling(null, 'max', { size, strides: 2, padding: roundUp })
    expect(sideOf(model, side)).toBe(expected)
    model.dispose()
  })

  it('rounds down without a border', () => {
    const model = pooling(null, 'max', { strides: 2, padding: 'valid' })
    expect(sideOf(model, 112)).toBe(55)
    model.dispose()
  })

  it.each([
    ['same', 1],
    [1, 4 / 9],
  ] as const)('averages ones over the border %s in the corner to %d', (padding, corner) => {
    const before = memory().numTensors
    const model = pooling(4, 'avg', { padding })
    const values = tidy(() => (model.predict(ones([1, 4, 4, 1])) as Tensor).dataSync())
    expect(values[0]).toBeCloseTo(corner, 6)
    expect(values[5]).toBeCloseTo(1, 6)
    model.dispose()
    expect(memory().numTensors).toBe(before)
  })

  it('pads a strided pooling as the flavor says', () => {
    const names = (stridedPadding: Flavor['stridedPadding']): readonly string[] =>
      pooling(8, 'max', { strides: 2 }, { stridedPadding }).layers.map(({ name }) => name.replace(/^input.*/, 'input'))
    expect(names('same')).toEqual(['input', 'pool'])
    expect(names('both')).toEqual(['input', 'pool.pad', 'pool'])
  })
})
