import '@tensorflow/tfjs-backend-cpu'
import { readFileSync } from 'node:fs'
import { wasm } from '@cnnkit/backend-wasm'
import { io, memory, mul, setBackend, sum, type Tensor, tidy, variableGrads } from '@tensorflow/tfjs-core'
import { input, type LayersModel, loadLayersModel, model as makeModel } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { adaptiveAveragePooling2d, registerLayers } from '../index.ts'
import { relativeError, wave } from './golden.fixture.ts'

type Size = readonly [number, number]

const golden = JSON.parse(
  readFileSync(new URL('../golden/adaptive-average-pooling.json', import.meta.url), 'utf8'),
) as {
  readonly cases: readonly {
    readonly shape: readonly number[]
    readonly size: Size
    readonly y: readonly number[]
    readonly dx: readonly number[]
  }[]
}

const network = (shape: readonly (number | null)[], size: Size): LayersModel => {
  const x = input({ shape: [...shape] })
  return makeModel({ inputs: x, outputs: adaptiveAveragePooling2d({ name: 'pool', size }).apply(x) as never })
}

describe.each(['cpu', 'wasm'])('AdaptiveAveragePooling2D on the backend %s', (backend) => {
  beforeAll(async () => {
    if (backend === 'wasm') await wasm().start()
    await setBackend(backend)
  })

  it.each(golden.cases)("gives PyTorch's values and gradient from $shape to $size", ({ shape, size, y, dx }) => {
    const before = memory().numTensors
    const model = network(shape.slice(1), size)
    tidy(() => {
      const x = wave(shape, 0.7).variable()
      const output = model.apply(x) as Tensor
      expect(output.shape).toEqual([shape[0], ...size, shape[3]])
      expect(relativeError(output, y)).toBeLessThan(1e-5)
      const { grads } = variableGrads(() => sum(mul(model.apply(x) as Tensor, wave(output.shape, 1.3))), [x as never])
      expect(relativeError(Object.values(grads)[0]!, dx)).toBeLessThan(1e-5)
      x.dispose()
    })
    model.dispose()
    expect(memory().numTensors).toBe(before)
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

  it('is loaded as it was saved', async () => {
    registerLayers()
    const model = network([5, 5, 2], [2, 3])
    let artifacts: io.ModelArtifacts | undefined
    await model.save(
      io.withSaveHandler(async (given) => {
        artifacts = given
        return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(given) }
      }),
    )
    const loaded = await loadLayersModel(io.fromMemory(artifacts!))
    const [expected, given] = [model, loaded].map((either) =>
      tidy(() => (either.predict(wave([1, 5, 5, 2], 0.7)) as Tensor).dataSync()),
    )
    expect(given).toEqual(expected)
    loaded.dispose()
    model.dispose()
  })

  it('refuses a size that no grid has', () => {
    expect(() => adaptiveAveragePooling2d({ size: [0, 4] })).toThrow('[0, 4]')
    expect(() => adaptiveAveragePooling2d({ size: [2.5, 4] })).toThrow('whole numbers')
  })
})
