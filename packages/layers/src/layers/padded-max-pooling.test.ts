import '@tensorflow/tfjs-backend-cpu'
import { readFileSync } from 'node:fs'
import { wasm } from '@cnnkit/backend-wasm'
import { setBackend } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { costOf, type PaddedMaxPooling2DArgs, paddedMaxPooling2d } from '../index.ts'
import { expectPytorch, expectSameWhenLoaded, modelOf, type PoolingCase } from './pooling.fixture.ts'

const golden = JSON.parse(readFileSync(new URL('../golden/padded-max-pooling.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly (PoolingCase & { readonly args: PaddedMaxPooling2DArgs })[]
}

const network = (shape: readonly (number | null)[], args: PaddedMaxPooling2DArgs): LayersModel =>
  modelOf(shape, (x) => paddedMaxPooling2d({ name: 'pool', ...args }).apply(x))

describe.each(['cpu', 'wasm'])('PaddedMaxPooling2D on the backend %s', (backend) => {
  beforeAll(async () => {
    if (backend === 'wasm') await wasm().start()
    await setBackend(backend)
  })

  it.each(golden.cases)("gives PyTorch's values and gradient on $shape", ({ args, ...expected }) => {
    expectPytorch(() => network(expected.shape.slice(1), args), expected)
  })
})

describe('PaddedMaxPooling2D', () => {
  const args = { poolSize: 3, strides: 2, padding: 1 }

  it('takes an input of any size, and its field begins in the border', () => {
    const model = network([null, null, 3], args)
    expect(model.outputShape).toEqual([null, null, null, 3])
    model.dispose()
    const known = network([74, 74, 3], args)
    expect(costOf(known).layers[0]).toMatchObject({
      outputShape: [37, 37, 3],
      receptiveField: { size: 3, stride: 2, offset: -1 },
    })
    known.dispose()
  })

  it('is loaded as it was saved', () => expectSameWhenLoaded(network([6, 6, 2], args)))
})
