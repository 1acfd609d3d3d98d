// What the tests of pooling layers share.
import { io, memory, mul, sum, type Tensor, tidy, variableGrads } from '@tensorflow/tfjs-core'
import {
  input,
  type LayersModel,
  loadLayersModel,
  model as makeModel,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers'
import { expect } from 'vitest'
import { registerLayers } from '../index.ts'
import { relativeError, wave } from './golden.fixture.ts'

/** What PyTorch's layer gives for `wave(shape, 0.7)`, and the gradient for it when the output's is `wave(..., 1.3)`. */
export interface PoolingCase {
  readonly shape: readonly number[]
  readonly y: readonly number[]
  readonly dx: readonly number[]
}

/** A model of one layer. @param shape without the batch */
export function modelOf(
  shape: readonly (number | null)[],
  apply: (x: SymbolicTensor) => ReturnType<LayersModel['apply']>,
): LayersModel {
  const x = input({ shape: [...shape] })
  return makeModel({ inputs: x, outputs: apply(x) as SymbolicTensor })
}

/** Holds a layer to PyTorch's values and gradient, and to leaving no tensor; the model is disposed. */
export function expectPytorch(make: () => LayersModel, { shape, y, dx }: PoolingCase): void {
  const before = memory().numTensors
  const model = make()
  tidy(() => {
    const x = wave(shape, 0.7).variable()
    const output = model.apply(x) as Tensor
    expect(output.shape).toEqual([shape[0], ...model.outputShape.slice(1)])
    expect(relativeError(output, y)).toBeLessThan(1e-5)
    const { grads } = variableGrads(() => sum(mul(model.apply(x) as Tensor, wave(output.shape, 1.3))), [x as never])
    expect(relativeError(Object.values(grads)[0]!, dx)).toBeLessThan(1e-5)
    x.dispose()
  })
  model.dispose()
  expect(memory().numTensors).toBe(before)
}

/** Holds a model to giving the same after it was saved and loaded; it is disposed. */
export async function expectSameWhenLoaded(model: LayersModel): Promise<void> {
  registerLayers()
  let artifacts: io.ModelArtifacts | undefined
  await model.save(
    io.withSaveHandler(async (given) => {
      artifacts = given
      return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(given) }
    }),
  )
  const loaded = await loadLayersModel(io.fromMemory(artifacts!))
  const shape = [1, ...(model.inputs[0]!.shape.slice(1) as number[])]
  const [expected, given] = [model, loaded].map((either) =>
    tidy(() => (either.predict(wave(shape, 0.7)) as Tensor).dataSync()),
  )
  expect(given).toEqual(expected)
  for (const either of [model, loaded]) either.dispose()
}
