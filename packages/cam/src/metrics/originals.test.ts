// Deletion, insertion, ROAD and the change of confidence against RISE's program and pytorch-grad-cam.
import '@tensorflow/tfjs-backend-cpu'
import { memory, setBackend, tensor, transpose } from '@tensorflow/tfjs-core'
import { input, type LayersModel, layers, model as layersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { confidenceChange, deletion, insertion, road } from '../index.ts'
import { formulaNetwork, formulaTensors } from '../testing/formula-network.ts'
import {
  formulaMap,
  formulaPicture,
  formulaPreprocessing,
  golden,
  type NetworkFigures,
} from '../testing/metrics-golden.ts'

const HOW_TO_UPDATE = 'the golden file is written by reference/cam/metrics.py; see reference/README.md'

beforeAll(() => setBackend('cpu'))

async function small({ size, gain }: NetworkFigures): Promise<LayersModel> {
  const x = input({ shape: [...size, 3] })
  const convolution = (name: string, filters: number): ReturnType<typeof layers.conv2d> =>
    layers.conv2d({ name, filters, kernelSize: 3, padding: 'same', activation: 'relu' })
  let y = convolution('conv1', 8).apply(x) as SymbolicTensor
  y = layers.maxPooling2d({ poolSize: 2 }).apply(y) as SymbolicTensor
  y = convolution('conv2', 16).apply(y) as SymbolicTensor
  y = layers.globalAveragePooling2d({}).apply(y) as SymbolicTensor
  const model = layersModel({ inputs: x, outputs: layers.dense({ name: 'fc', units: 5 }).apply(y) as SymbolicTensor })
  const shapes = { conv1: [8, 3, 3, 3], conv2: [16, 8, 3, 3], fc: [5, 16] }
  for (const [name, shape] of Object.entries(shapes)) {
    const tensors = [
      { name: `${name}.weight`, shape },
      { name: `${name}.bias`, shape: [shape[0]!] },
    ]
    const [kernel, bias] = await formulaTensors({ tensors, axes: 'torch', gain })
    const order = shape.length === 4 ? [2, 3, 1, 0] : [1, 0]
    model.getLayer(name).setWeights([transpose(tensor(kernel!, shape), order), tensor(bias!)])
  }
  return model
}

const resnet18 = async ({ size }: NetworkFigures): Promise<LayersModel> =>
  (await formulaNetwork('resnet18.torchvision', size)).model

describe.each([
  ['a small network', golden.small, small],
  ['resnet18 of torchvision', golden.resnet18, resnet18],
] as const)('on %s', (_, figures, build) => {
  const { size, target } = figures
  const picture = formulaPicture(size)
  const map = formulaMap('map', figures.cells, target)
  const options = { preprocessing: formulaPreprocessing(size), target }
  let model: LayersModel
  beforeAll(async () => {
    model = await build(figures)
  })

  it.each(['logit', 'probability'] as const)('the %s changes as CamMultImageConfidenceChange says', async (score) => {
    const expected = figures.multiplied[score]
    const before = memory().numTensors
    const found = await confidenceChange(model, picture, map, { ...options, score })
    expect(memory().numTensors).toBe(before)
    const bar = 1e-3 * Math.abs(expected.change)
    expect(Math.abs(found.after - found.before - expected.change), HOW_TO_UPDATE).toBeLessThan(bar)
    expect(Math.abs(found.drop * Math.abs(found.before) - expected.drop)).toBeLessThan(bar)
    expect(Number(found.increased)).toBe(expected.increase)
  })

  it.each(['logit', 'probability'] as const)(
    'ROAD is that of pytorch-grad-cam by %s, less its noise',
    async (score) => {
      const expected = figures.road[score]
      const before = memory().numTensors
      const { percentiles } = figures.road
      const found = await road(model, picture, map, { ...options, score, percentiles, noise: 0 })
      expect(memory().numTensors).toBe(before)
      const largest = Math.max(...[...expected.most, ...expected.least].map(Math.abs))
      const differences = [
        ...expected.most.map((value, i) => found.mostRelevantFirst[i]! - value),
        ...expected.least.map((value, i) => found.leastRelevantFirst[i]! - value),
        found.combined - expected.combined,
      ]
      expect(Math.max(...differences.map(Math.abs)) / largest, HOW_TO_UPDATE).toBeLessThan(1e-3)
    },
  )

  const curves = figures === golden.small ? (['deletion', 'insertion'] as const) : []
  it.each(curves)('%s is that of RISE', async (name) => {
    const before = memory().numTensors
    const { scores, area } = await { deletion, insertion }[name](
      model,
      picture,
      formulaMap('pixels', size, target),
      options,
    )
    expect(memory().numTensors).toBe(before)
    const expected = figures[name]
    expect(scores).toHaveLength(expected.scores.length)
    const largest = Math.max(...expected.scores)
    const differences = expected.scores.map((value, i) => Math.abs(scores[i]! - value))
    expect(Math.max(...differences) / largest, HOW_TO_UPDATE).toBeLessThan(1e-4)
    expect(Math.abs(area - expected.area) / expected.area).toBeLessThan(1e-4)
  })
})
