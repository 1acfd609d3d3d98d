import '@tensorflow/tfjs-backend-cpu'
import {
  engine,
  grads,
  io,
  memory,
  mul,
  randomNormal,
  setBackend,
  sum,
  type Tensor,
  tidy,
  variableGrads,
} from '@tensorflow/tfjs-core'
import {
  input,
  type LayersModel,
  loadLayersModel,
  model as makeModel,
  layers as tfLayers,
} from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { Conv2D, type Conv2DArgs, conv2d, registerLayers } from '../index.ts'

beforeAll(() => setBackend('cpu'))

const random = (shape: number[], seed: number): Tensor => randomNormal(shape, 0, 1, 'float32', seed)
const numbers = (tensors: readonly Tensor[]): number[][] => tensors.map((tensor) => [...tensor.dataSync()])

function network(
  make: (args: Conv2DArgs) => { apply(x: never): unknown },
  args: Partial<Conv2DArgs> = {},
): LayersModel {
  const x = input({ shape: [7, 6, 3] })
  const outputs = make({ name: 'conv', filters: 4, kernelSize: 3, ...args }).apply(x as never) as never
  return makeModel({ inputs: x, outputs })
}

describe('Conv2D', () => {
  const cases: Partial<Conv2DArgs>[] = [
    { padding: 'same' },
    { useBias: false, strides: 2 },
    { activation: 'relu', strides: [2, 1] },
    { activation: 'relu6', padding: 'same', strides: 2 },
    { activation: 'tanh' },
    { dataFormat: 'channelsFirst', kernelSize: 1 },
  ]

  it.each(cases)(
    'gives the values and the gradients of TensorFlow.js, which it leaves nothing behind of: %o',
    (args) => {
      const [ours, stock] = [network(conv2d, args), network(tfLayers.conv2d, args)]
      const x = random([2, 7, 6, 3], 1)
      const weights = ours.getWeights().map(({ shape }, i) => random(shape, 2 + i))
      for (const model of [ours, stock]) model.setWeights(weights)
      const before = memory().numTensors
      const results = (model: LayersModel): number[][] =>
        tidy(() => {
          const y = model.predict(x) as Tensor
          const direction = random(y.shape, 5)
          const loss = (): Tensor => sum(mul(model.apply(x, { training: true }) as Tensor, direction))
          const learnt = Object.values(variableGrads(loss as () => never).grads)
          const [dx] = grads((x: Tensor) => sum(mul(model.apply(x) as Tensor, direction)))([x])
          return numbers([y, dx!, ...learnt])
        })
      expect(results(ours)).toEqual(results(stock))
      expect(memory().numTensors).toBe(before)
    },
  )

  it('works out no gradient of the pictures where only its weights learn', async () => {
    const names = async (make: typeof conv2d | typeof tfLayers.conv2d): Promise<string[]> => {
      const model = network(make as typeof conv2d)
      const x = random([1, 7, 6, 3], 1)
      return (await engine().profile(() => variableGrads(() => sum(model.apply(x) as Tensor)).value)).kernelNames
    }
    expect(await names(tfLayers.conv2d)).toContain('Conv2DBackpropInput')
    const ours = await names(conv2d)
    expect(ours).not.toContain('Conv2DBackpropInput')
    expect(ours).toContain('Conv2DBackpropFilter')
  })

  it('activates in the same pass where nothing is learnt', async () => {
    const model = network(conv2d, { activation: 'relu' })
    const x = random([1, 7, 6, 3], 1)
    const { kernelNames } = await engine().profile(() => model.predict(x) as Tensor)
    expect(kernelNames).toContain('FusedConv2D')
    expect(kernelNames).not.toContain('Relu')
  })

  it('is saved so that plain TensorFlow.js loads it, and loads as itself once registered', async () => {
    let saved: io.ModelArtifacts | undefined
    await network(conv2d, { strides: 2 }).save(
      io.withSaveHandler(async (artifacts) => {
        saved = artifacts
        return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(artifacts) }
      }),
    )
    const stock = (await loadLayersModel(io.fromMemory(saved!))).getLayer('conv')
    expect(stock).not.toBeInstanceOf(Conv2D)
    expect(stock.getConfig()).toMatchObject({ filters: 4, strides: [2, 2] })
    registerLayers()
    expect((await loadLayersModel(io.fromMemory(saved!))).getLayer('conv')).toBeInstanceOf(Conv2D)
  })
})
