import '@tensorflow/tfjs-backend-cpu'
import { readFileSync } from 'node:fs'
import { wasm } from '@cnnkit/backend-wasm'
import { io, memory, mul, setBackend, sum, type Tensor, tidy, variableGrads } from '@tensorflow/tfjs-core'
import { input, type LayersModel, loadLayersModel, model as makeModel } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { costOf, type PaddedMaxPooling2DArgs, paddedMaxPooling2d, registerLayers } from '../index.ts'
import { relativeError, wave } from './golden.fixture.ts'

const golden = JSON.parse(readFileSync(new URL('../golden/padded-max-pooling.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly {
    readonly shape: readonly number[]
    readonly args: PaddedMaxPooling2DArgs
    readonly y: readonly number[]
    readonly dx: readonly number[]
  }[]
}

const network = (shape: readonly (number | null)[], args: PaddedMaxPooling2DArgs): LayersModel => {
  const x = input({ shape: [...shape] })
  return makeModel({ inputs: x, outputs: paddedMaxPooling2d({ name: 'pool', ...args }).apply(x) as never })
}

describe.each(['cpu', 'wasm'])('PaddedMaxPooling2D on the backend %s', (backend) => {
  beforeAll(async () => {
    if (backend === 'wasm') await wasm().start()
    await setBackend(backend)
  })

  it.each(golden.cases)("gives PyTorch's values and gradient on $shape", ({ shape, args, y, dx }) => {
    const before = memory().numTensors
    const model = network(shape.slice(1), args)
    tidy(() => {
      const x = wave(shape, 0.7).variable()
      const output = model.apply(x) as Tensor
      expect(output.shape).toEqual([shape[0], ...model.outputShape.slice(1)])
      expect(relativeError(output, y)).toBeLessThan(1e-6)
      const { grads } = variableGrads(() => sum(mul(model.apply(x) as Tensor, wave(output.shape, 1.3))), [x as never])
      expect(relativeError(Object.values(grads)[0]!, dx)).toBeLessThan(1e-5)
      x.dispose()
    })
    model.dispose()
    expect(memory().numTensors).toBe(before)
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

  it('is loaded as it was saved', async () => {
    registerLayers()
    const model = network([6, 6, 2], args)
    let artifacts: io.ModelArtifacts | undefined
    await model.save(
      io.withSaveHandler(async (given) => {
        artifacts = given
        return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(given) }
      }),
    )
    const loaded = await loadLayersModel(io.fromMemory(artifacts!))
    const [expected, given] = [model, loaded].map((either) =>
      tidy(() => (either.predict(wave([1, 6, 6, 2], 0.7)) as Tensor).dataSync()),
    )
    expect(given).toEqual(expected)
    loaded.dispose()
    model.dispose()
  })
})
