import '@tensorflow/tfjs-backend-cpu'
import { engine, grad, io, memory, setBackend, sum, type Tensor, tensor1d } from '@tensorflow/tfjs-core'
import { input, loadLayersModel, model as makeModel, layers as tfLayers } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { ReLU, registerLayers, reLU } from '../index.ts'

beforeAll(() => setBackend('cpu'))

const values = [-2, 0, 0.5, 3, 6, 7]
const numbers = (tensor: Tensor): number[] => [...tensor.dataSync()]

describe('ReLU', () => {
  it.each([{}, { maxValue: 6 }, { maxValue: 3 }])('gives what TensorFlow.js gives: %o', (args) => {
    const [ours, stock] = [reLU(args), tfLayers.reLU(args)].map((layer) => layer.apply(tensor1d(values)) as Tensor)
    expect(numbers(ours!)).toEqual(numbers(stock!))
  })

  it.each([
    [{}, [0, 0, 1, 1, 1, 1]],
    [{ maxValue: 6 }, [0, 0, 1, 1, 0, 0]],
    [{ maxValue: 3 }, [0, 0, 1, 1, 0, 0]],
  ])('lets the gradient through where it lets values through: %o', (args, expected) => {
    expect(numbers(grad((x) => sum(reLU(args).apply(x) as Tensor))(tensor1d(values)))).toEqual(expected)
  })

  it('runs one kernel and leaves no tensor behind but its result', async () => {
    const x = tensor1d(values)
    const layer = reLU({ maxValue: 6 })
    const before = memory().numTensors
    const { kernelNames } = await engine().profile(() => layer.apply(x) as Tensor)
    expect(kernelNames.filter((name) => name !== 'Identity')).toEqual(['Relu6'])
    expect(memory().numTensors).toBe(before + 1)
    const bounded = reLU({ maxValue: 3 })
    ;(bounded.apply(x) as Tensor).dispose()
    expect(memory().numTensors).toBe(before + 1)
  })

  it('is saved so that plain TensorFlow.js loads it, and loads as itself once registered', async () => {
    const x = input({ shape: [3] })
    const model = makeModel({ inputs: x, outputs: reLU({ name: 'relu', maxValue: 6 }).apply(x) as never })
    let saved: io.ModelArtifacts | undefined
    await model.save(
      io.withSaveHandler(async (artifacts) => {
        saved = artifacts
        return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(artifacts) }
      }),
    )
    const stock = (await loadLayersModel(io.fromMemory(saved!))).getLayer('relu')
    expect(stock).not.toBeInstanceOf(ReLU)
    expect(stock.getConfig()).toMatchObject({ maxValue: 6 })
    registerLayers()
    expect((await loadLayersModel(io.fromMemory(saved!))).getLayer('relu')).toBeInstanceOf(ReLU)
  })
})
