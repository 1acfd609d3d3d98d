import '@tensorflow/tfjs-backend-cpu'
import { readFileSync } from 'node:fs'
import { wasm } from '@cnnkit/backend-wasm'
import { setBackend, type Tensor, tidy } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { adaptiveAveragePooling2d } from '../index.ts'
import { wave } from './golden.fixture.ts'
import { expectPytorch, expectSameWhenLoaded, modelOf, type PoolingCase } from './pooling.fixture.ts'

type Size = readonly [number, number]

const golden = JSON.parse(
  readFileSync(new URL('../golden/adaptive-average-pooling.json', import.meta.url), 'utf8'),
) as {
  readonly cases: readonly (PoolingCase & { readonly size: Size })[]
}

const network = (shape: readonly (number | null)[], size: Size): LayersModel =>
  modelOf(shape, (x) => adaptiveAveragePooling2d({ name: 'pool', size }).apply(x))

describe.each(['cpu', 'wasm'])('AdaptiveAveragePooling2D on the backend %s', (backend) => {
  beforeAll(async () => {
    if (backend === 'wasm') await wasm().start()
    await setBackend(backend)
  })

  it.each(golden.cases)("gives PyTorch's values and gradient from $shape to $size", ({ size, ...expected }) => {
    expectPytorch(() => network(expected.shape.slice(1), size), expected)
  })
})

describe('AdaptiveAveragePooling2D', () => {
  it('knows its grid from an input of any size', () => {
    const model = network([null, null, 3], [7, 6])
    expect(model.outputShape).toEqual([null, 7, 6, 3])
    const shape = tidy(() => (model.predict(wave([1, 9, 5, 3], 0.7)) as Tensor).shape)
    expect(shape).toEqual([1, 7, 6, 3])
    model.dispose()
  })

  it('is loaded as it was saved', () => expectSameWhenLoaded(network([5, 5, 2], [2, 3])))

  it('refuses a size that no grid has', () => {
    expect(() => adaptiveAveragePooling2d({ size: [0, 4] })).toThrow('[0, 4]')
    expect(() => adaptiveAveragePooling2d({ size: [2.5, 4] })).toThrow('whole numbers')
  })
})
