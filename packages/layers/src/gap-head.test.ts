import '@tensorflow/tfjs-backend-cpu'
import { memory, ones, setBackend, type Tensor } from '@tensorflow/tfjs-core'
import { input, type LayersModel, layers, model as makeModel, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  type Card,
  cardOf,
  convActivation,
  fullyConnectedHead,
  globalPool,
  lastGrid,
  rootScope,
  scores,
  setCard,
  withGapHead,
} from './index.ts'
import { tiny } from './tiny.fixture.ts'

const card: Card = {
  version: 1,
  architecture: 'toy',
  flavor: 'tiny',
  preprocessing: {
    size: [8, 8],
    resize: 'stretch',
    cropFraction: 1,
    filter: 'bilinear',
    channelOrder: 'rgb',
    mean: [0, 0, 0],
    std: [255, 255, 255],
  },
  labels: ['cat', 'dog', 'bird'],
  weights: null,
}

/** Two stages, and the head of AlexNet (with a pooling of its own or not), of SqueezeNet or of ResNet. */
function network(kind: 'flat' | 'pooled flat' | 'convolutional' | 'pooled'): LayersModel {
  const scope = rootScope({ flavor: tiny, seed: 1 })
  const head = scope.at('head')
  const x = input({ shape: [8, 8, 3], name: 'input' })
  let y = convActivation(x, scope.at('stage1').at('conv1'), { filters: 4, kernelSize: 3, activation: 'relu' })
  y = convActivation(y, scope.at('stage2').at('conv1'), { filters: 5, kernelSize: 3, strides: 2, activation: 'relu' })
  if (kind === 'convolutional') {
    y = globalPool(convActivation(y, head.at('logits'), { filters: 3, kernelSize: 1, activation: 'relu' }), head, 'avg')
  } else if (kind === 'pooled') {
    y = layers.dense({ name: 'head.logits', units: 3 }).apply(globalPool(y, head, 'avg')) as SymbolicTensor
  } else {
    const grid = kind === 'flat' ? {} : { grid: [2, 2] as const }
    y = fullyConnectedHead(y, head, { classes: 3, units: [6, 6], dropout: 0.5, ...grid })
  }
  const model = makeModel({ inputs: x, outputs: scores(y, head, 'softmax'), name: kind })
  setCard(model, card)
  return model
}

beforeAll(() => setBackend('cpu'))

describe('withGapHead', () => {
  it.each(['flat', 'pooled flat', 'convolutional', 'pooled'] as const)('pools the last stage of a %s head', (kind) => {
    const before = memory().numTensors
    const model = withGapHead(network(kind), { seed: 3 })
    const names = model.layers.map(({ name }) => name)
    expect(names.slice(names.indexOf('stage2.conv1.relu') + 1)).toEqual(['head.pool', 'head.logits', 'head.scores'])
    expect(model.getLayer('head.logits').weights.map(({ shape }) => shape)).toEqual([[5, 3], [3]])
    const x = ones([2, 8, 8, 3])
    const y = model.predict(x) as Tensor
    expect([y.shape, y.dataSync().every((value) => value > 0 && value < 1)]).toEqual([[2, 3], true])
    x.dispose()
    y.dispose()
    model.dispose()
    expect(memory().numTensors).toBe(before)
  })

  it('keeps the card, less the labels where there are other classes', () => {
    expect(cardOf(withGapHead(network('flat')))).toEqual(card)
    const model = withGapHead(network('flat'), { classes: 7 })
    expect(cardOf(model)).toEqual({ ...card, labels: null })
    expect(model.outputs[0]!.shape).toEqual([null, 7])
  })

  it('draws the same weights from the same seed', () => {
    const kernel = (seed: number): Float32Array | Int32Array | Uint8Array =>
      withGapHead(network('flat'), { seed }).getLayer('head.logits').getWeights()[0]!.dataSync()
    expect(kernel(3)).toEqual(kernel(3))
    expect(kernel(3)).not.toEqual(kernel(4))
  })
})

describe('lastGrid', () => {
  it('is what is pooled in a model that has no stages', () => {
    const x = input({ shape: [8, 8, 3] })
    const grid = layers.conv2d({ filters: 4, kernelSize: 3 }).apply(x) as SymbolicTensor
    let y = layers.globalAveragePooling2d({}).apply(grid)
    y = layers.reshape({ targetShape: [1, 1, 4] }).apply(y)
    y = layers.flatten().apply(layers.conv2d({ filters: 3, kernelSize: 1 }).apply(y))
    expect(lastGrid(makeModel({ inputs: x, outputs: y as SymbolicTensor })).id).toBe(grid.id)
  })

  it('is the output of a model inside the network', () => {
    const body = network('flat')
    const x = input({ shape: [8, 8, 3] })
    const inner = makeModel({ inputs: body.inputs, outputs: lastGrid(body) })
    const grid = inner.apply(x) as SymbolicTensor
    const y = layers.dense({ units: 2 }).apply(layers.flatten().apply(grid)) as SymbolicTensor
    expect(lastGrid(makeModel({ inputs: x, outputs: y })).id).toBe(grid.id)
  })

  it('is missing where a network has none', () => {
    const x = input({ shape: [8] })
    const model = makeModel({ inputs: x, outputs: layers.dense({ units: 2 }).apply(x) as SymbolicTensor, name: 'flat' })
    expect(() => lastGrid(model)).toThrow('flat has no grid to pool.')
  })
})
