import '@tensorflow/tfjs-backend-cpu'
import { readFileSync } from 'node:fs'
import { wasm } from '@cnnkit/backend-wasm'
import { io, memory, mul, setBackend, sum, type Tensor, tidy, variableGrads } from '@tensorflow/tfjs-core'
import { input, type LayersModel, loadLayersModel, model as makeModel } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { costOf, groupedConv2d, registerLayers } from '../index.ts'
import { relativeError, wave } from './golden.fixture.ts'

interface Case {
  readonly args: { readonly groups: number; readonly strides: number }
  readonly y: readonly number[]
  readonly dx: readonly number[]
  readonly dkernel: readonly number[]
  readonly dbias: readonly number[]
}

const golden = JSON.parse(readFileSync(new URL('../golden/grouped-conv.json', import.meta.url), 'utf8')) as {
  readonly shape: readonly number[]
  readonly cases: readonly Case[]
}

const network = (args: Partial<Parameters<typeof groupedConv2d>[0]> = {}): LayersModel => {
  const x = input({ shape: [5, 6, 4] })
  const layer = groupedConv2d({ name: 'conv', filters: 6, kernelSize: 3, groups: 2, ...args })
  return makeModel({ inputs: x, outputs: layer.apply(x) as never })
}

describe.each(['cpu', 'wasm'])('GroupedConv2D on the backend %s', (backend) => {
  beforeAll(async () => {
    if (backend === 'wasm') await wasm().start()
    await setBackend(backend)
  })

  it.each(golden.cases)("gives PyTorch's values and gradients with $args", ({ args, y, dx, dkernel, dbias }) => {
    const before = memory().numTensors
    const model = network(args)
    tidy(() => {
      model.setWeights([wave([3, 3, 4 / args.groups, 6], 0.9), wave([6], 1.1)])
      const x = wave(golden.shape, 0.7).variable(true, `x-${args.groups}-${args.strides}-${backend}`)
      const output = model.apply(x) as Tensor
      expect(relativeError(output, y)).toBeLessThan(1e-5)
      const { grads } = variableGrads(() => sum(mul(model.apply(x) as Tensor, wave(output.shape, 1.3))))
      const expected: readonly [RegExp, readonly number[]][] = [
        [/^x-/, dx],
        [/kernel/, dkernel],
        [/bias/, dbias],
      ]
      for (const [name, values] of expected) {
        const found = Object.keys(grads).find((key) => name.test(key))!
        expect(relativeError(grads[found]!, values), found).toBeLessThan(1e-5)
      }
      x.dispose()
    })
    model.dispose()
    expect(memory().numTensors).toBe(before)
  })
})

describe('GroupedConv2D', () => {
  beforeAll(() => setBackend('cpu'))

  it('has the parameters and multiply-accumulates of its groups, by hand', () => {
    const model = network({ padding: 'same' })
    const cost = costOf(model)
    expect(cost.parameters).toBe(2 * (3 * 3 * 2 * 3) + 6)
    expect(cost.multiplyAccumulates).toBe(5 * 6 * (2 * (3 * 3 * 2 * 3)))
    expect(cost.layers[0]).toMatchObject({ outputShape: [5, 6, 6], receptiveField: { size: 3, stride: 1, offset: -1 } })
    model.dispose()
  })

  it('is saved and loaded with its weights and groups', async () => {
    registerLayers()
    const model = network({ activation: 'relu' })
    let saved: io.ModelArtifacts | undefined
    await model.save(
      io.withSaveHandler(async (artifacts) => {
        saved = artifacts
        return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(artifacts) }
      }),
    )
    const loaded = await loadLayersModel(io.fromMemory(saved!))
    const x = wave([1, 5, 6, 4], 0.7)
    const [ours, theirs] = [model, loaded].map((each) => [...(each.predict(x) as Tensor).dataSync()])
    expect(theirs).toEqual(ours)
    expect(Math.min(...ours!)).toBe(0)
  })

  it('says what cannot be divided', () => {
    expect(() => network({ filters: 7 })).toThrow('7 filters cannot be divided into 2 groups')
    expect(() => network({ filters: 6, groups: 3 })).toThrow('4 channels cannot be divided into 3 groups')
    expect(() => network({ dataFormat: 'channelsFirst' })).toThrow('`channelsLast` only')
  })
})
