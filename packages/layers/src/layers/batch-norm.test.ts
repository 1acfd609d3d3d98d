import '@tensorflow/tfjs-backend-cpu'
import { grad, io, mean, memory, randomNormal, setBackend, type Tensor, tensor2d } from '@tensorflow/tfjs-core'
import {
  input,
  type LayersModel,
  loadLayersModel,
  model as makeModel,
  models,
  layers as tfLayers,
} from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { BatchNorm, batchNorm, registerLayers } from '../index.ts'

beforeAll(() => setBackend('cpu'))

const network = (options: Parameters<typeof batchNorm>[0] = {}): LayersModel => {
  const x = input({ shape: [4, 4, 3] })
  const normed = batchNorm({ name: 'norm', ...options }).apply(x)
  const grid = tfLayers.conv2d({ name: 'conv', filters: 2, kernelSize: 3 }).apply(normed)
  const y = tfLayers.globalAveragePooling2d({}).apply(grid as never)
  return makeModel({ inputs: x, outputs: y as never })
}

const trainOneStep = async (model: LayersModel): Promise<void> => {
  if (!model.optimizer) model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' })
  const [x, y] = [randomNormal([8, 4, 4, 3], 5, 2, 'float32', 1), randomNormal([8, 2], 0, 1, 'float32', 2)]
  await model.fit(x, y, { epochs: 1, verbose: 0 })
  x.dispose()
  y.dispose()
}

const valuesOf = (weights: readonly Tensor[]): number[][] => weights.map((weight) => [...weight.dataSync()])

describe('BatchNorm', () => {
  it('moves its statistics and its weights when it trains', async () => {
    const model = network()
    const before = valuesOf(model.getLayer('norm').getWeights())
    await trainOneStep(model)
    const after = valuesOf(model.getLayer('norm').getWeights())
    for (let i = 0; i < 4; i++) expect(after[i]).not.toEqual(before[i])
  })

  it('keeps weights and statistics to the bit when the layer is frozen', async () => {
    const model = network()
    model.getLayer('norm').trainable = false
    const before = valuesOf(model.getLayer('norm').getWeights())
    await trainOneStep(model)
    expect(valuesOf(model.getLayer('norm').getWeights())).toEqual(before)
  })

  it('keeps its statistics when the whole model is frozen', () => {
    const model = network()
    model.trainable = false
    const x = randomNormal([8, 4, 4, 3], 5, 2)
    const before = valuesOf(model.getLayer('norm').getWeights())
    model.apply(x, { training: true })
    expect(valuesOf(model.getLayer('norm').getWeights())).toEqual(before)
  })

  it.each([{ scale: false }, { center: false }, { scale: false, center: false }])('trains with %o', async (options) => {
    const model = network(options)
    const statistics = valuesOf(model.getLayer('norm').nonTrainableWeights.map((weight) => weight.read()))
    await trainOneStep(model)
    const after = model.getLayer('norm').nonTrainableWeights.map((weight) => weight.read())
    expect(valuesOf(after)[0]).not.toEqual(statistics[0])
  })

  it.each([{ scale: false }, { center: false }, { scale: false, center: false, axis: 1 }])(
    'has a gradient in inference with %o',
    (options) => {
      const x = input({ shape: [4, 3, 3] })
      const model = makeModel({ inputs: x, outputs: batchNorm({ epsilon: 0.25, ...options }).apply(x) as never })
      const picture = randomNormal([2, 4, 3, 3], 1, 3, 'float32', 3)
      const dx = grad((given) => model.apply(given, { training: false }) as Tensor)(picture)
      // Fresh statistics: mean 0, variance 1.
      for (const value of dx.dataSync()) expect(value).toBeCloseTo(1 / Math.sqrt(1.25), 6)
      const y = model.apply(picture, { training: false }) as Tensor
      const expected = picture.dataSync()
      y.dataSync().forEach((value, i) => {
        expect(value).toBeCloseTo(expected[i]! / Math.sqrt(1.25), 5)
      })
    },
  )

  it('equals the stock layer in inference and in training', async () => {
    const x = input({ shape: [5, 5, 3] })
    const ours = makeModel({ inputs: x, outputs: batchNorm({ momentum: 0.9 }).apply(x) as never })
    const stock = makeModel({ inputs: x, outputs: tfLayers.batchNormalization({ momentum: 0.9 }).apply(x) as never })
    const picture = randomNormal([4, 5, 5, 3], 1, 3, 'float32', 3)
    for (const training of [true, false]) {
      const [a, b] = [ours, stock].map((model) => model.apply(picture, { training }) as Tensor)
      const [p, q] = [a!.dataSync(), b!.dataSync()]
      expect(Math.max(...p.map((value, i) => Math.abs(value - q[i]!)))).toBeLessThan(1e-5)
    }
    const [mine, theirs] = [valuesOf(ours.getWeights()), valuesOf(stock.getWeights())]
    mine.flat().forEach((value, i) => {
      expect(value).toBeCloseTo(theirs.flat()[i]!, 5)
    })
  })

  // Of [1, 3, 1, 3]: mean 2, variance 1 of the population and 4/3 of the sample. PyTorch 2.9 and TensorFlow 2.21 give the second.
  it.each([
    [undefined, 0.9 + 0.1],
    ['population', 0.9 + 0.1],
    ['sample', 0.9 + (0.1 * 4) / 3],
  ] as const)('moves its variance by that of the %s', (movingVarianceOf, expected) => {
    const layer = batchNorm({ momentum: 0.9, ...(movingVarianceOf && { movingVarianceOf }) })
    const x = tensor2d([1, 3, 1, 3], [4, 1])
    const y = layer.apply(x, { training: true }) as Tensor
    expect(layer.movingMean.read().dataSync()[0]).toBeCloseTo(0.2, 6)
    expect(layer.movingVariance.read().dataSync()[0]).toBeCloseTo(expected, 6)
    expect(y.dataSync()[1]).toBeCloseTo(1 / Math.sqrt(1 + 1e-3), 6)
  })

  it.each(['population', 'sample'] as const)(
    'takes a single value to have no variance, of the %s',
    (movingVarianceOf) => {
      const layer = batchNorm({ momentum: 0.9, movingVarianceOf })
      const y = layer.apply(tensor2d([7, 8], [1, 2]), { training: true }) as Tensor
      expect([...y.dataSync()]).toEqual([0, 0])
      for (const value of layer.movingVariance.read().dataSync()) expect(value).toBeCloseTo(0.9, 6)
    },
  )

  it('normalises an axis that is not the last, as a Keras file may say it in a list', () => {
    const x = input({ shape: [3, 2] })
    const layer = batchNorm({ axis: [1] as unknown as number })
    const model = makeModel({ inputs: x, outputs: layer.apply(x) as never })
    const y = model.apply(randomNormal([16, 3, 2], 7, 2, 'float32', 4), { training: true }) as Tensor
    expect(y.shape).toEqual([16, 3, 2])
    for (const channel of mean(y, [0, 2]).dataSync()) expect(Math.abs(channel)).toBeLessThan(1e-4)
  })

  it('is saved so that plain TensorFlow.js loads it, and loads as itself once registered', async () => {
    const model = network()
    await trainOneStep(model)
    let saved: io.ModelArtifacts | undefined
    await model.save(
      io.withSaveHandler(async (artifacts) => {
        saved = artifacts
        return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(artifacts) }
      }),
    )
    const stock = await loadLayersModel(io.fromMemory(saved!))
    expect(stock.getLayer('norm')).not.toHaveProperty('frozen')
    expect(valuesOf(stock.getWeights())).toEqual(valuesOf(model.getWeights()))
    registerLayers()
    const ours = await loadLayersModel(io.fromMemory(saved!))
    ours.getLayer('norm').trainable = false
    expect(ours.getLayer('norm')).toHaveProperty('frozen', true)
  })

  it('keeps which variance moves it, in a file that plain TensorFlow.js loads', async () => {
    const model = network({ movingVarianceOf: 'sample' })
    let saved: io.ModelArtifacts | undefined
    await model.save(
      io.withSaveHandler(async (artifacts) => {
        saved = artifacts
        return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(artifacts) }
      }),
    )
    const { modelTopology } = saved! as { modelTopology: object }
    const plain = new (Object.getPrototypeOf(BatchNorm))(
      (model.getLayer('norm') as BatchNorm).getConfig(),
    ) as ReturnType<typeof tfLayers.batchNormalization>
    expect(plain.getConfig()).not.toHaveProperty('movingVarianceOf')
    registerLayers()
    const ours = await models.modelFromJSON(JSON.parse(JSON.stringify(modelTopology)))
    expect(ours.getLayer('norm')).toHaveProperty('movingVarianceOf', 'sample')
    expect(network().getLayer('norm').getConfig()).not.toHaveProperty('movingVarianceOf')
  })

  it('leaks no tensor in a training step', async () => {
    const model = network()
    await trainOneStep(model)
    const before = memory().numTensors
    await trainOneStep(model)
    expect(memory().numTensors).toBe(before)
  })
})
