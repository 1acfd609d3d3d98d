import '@tensorflow/tfjs-backend-cpu'
import { memory, randomNormal, setBackend, type Tensor } from '@tensorflow/tfjs-core'
import { input, type LayersModel, layers, model, type SymbolicTensor, sequential } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { endpoint, runStretch, stretch } from './index.ts'

let picture: Tensor
beforeAll(async () => {
  await setBackend('cpu')
  picture = randomNormal([2, 8, 8, 3], 0, 1, 'float32', 5)
})

const conv = (name: string, x: SymbolicTensor): SymbolicTensor =>
  layers.conv2d({ name, filters: 4, kernelSize: 3, padding: 'same', activation: 'relu' }).apply(x) as SymbolicTensor

function body(): LayersModel {
  const x = input({ shape: [8, 8, 3] })
  const left = conv('stage1.left', x)
  const right = conv('stage1.right', x)
  const joined = layers.concatenate({ name: 'stage1.join' }).apply([left, right]) as SymbolicTensor
  return model({ inputs: x, outputs: conv('stage2.conv', joined), name: 'body' })
}

const nested: Readonly<Record<string, () => LayersModel>> = {
  'a model as a layer of another': () => {
    const x = input({ shape: [8, 8, 3] })
    const before = layers.reLU({ name: 'before' }).apply(x)
    const grid = body().apply(before) as SymbolicTensor
    const pooled = layers.globalAveragePooling2d({ name: 'head.pool' }).apply(grid)
    return model({
      inputs: x,
      outputs: layers.dense({ name: 'head.logits', units: 3 }).apply(pooled) as SymbolicTensor,
    })
  },
  'a model first in a sequence': () =>
    sequential({
      layers: [
        body(),
        layers.globalAveragePooling2d({ name: 'head.pool' }),
        layers.dense({ name: 'head.logits', units: 3 }),
      ],
    }),
  'a sequence in a model in a model': () => {
    const inner = sequential({
      layers: [layers.conv2d({ inputShape: [8, 8, 3], name: 'stage1.conv', filters: 3, kernelSize: 1 }), body()],
    })
    const x = input({ shape: [8, 8, 3] })
    const middle = model({ inputs: x, outputs: inner.apply(x) as SymbolicTensor })
    const y = input({ shape: [8, 8, 3] })
    const pooled = layers.globalAveragePooling2d({ name: 'head.pool' }).apply(middle.apply(y))
    return model({ inputs: y, outputs: layers.dense({ units: 3 }).apply(pooled) as SymbolicTensor })
  },
}

describe.each(Object.entries(nested))('%s', (_, build) => {
  it('can be cut inside the inner model, and runs in two stretches as in one', () => {
    const network = build()
    const cut = endpoint(network, 'stage1.join')
    const before = memory().numTensors
    const grid = runStretch(stretch(network, network.inputs[0]!, cut), picture)
    expect(grid.shape).toEqual([2, 8, 8, 8])
    const y = runStretch(stretch(network, cut, network.outputs[0]!), grid)
    expect(memory().numTensors).toBe(before + 2)
    const expected = network.predict(picture) as Tensor
    expect([...y.dataSync()]).toEqual([...expected.dataSync()])
    expect(() => stretch(network, endpoint(network, 'stage1.left'), network.outputs[0]!)).toThrow('Cut between blocks')
  })
})

describe('a layer that is applied twice', () => {
  it('runs twice', () => {
    const x = input({ shape: [8, 8, 3] })
    const shared = layers.conv2d({ name: 'shared', filters: 3, kernelSize: 3, padding: 'same' })
    const once = shared.apply(x) as SymbolicTensor
    const network = model({ inputs: x, outputs: shared.apply(once) as SymbolicTensor })
    const y = runStretch(stretch(network, network.inputs[0]!, network.outputs[0]!), picture)
    expect([...y.dataSync()]).toEqual([...(network.predict(picture) as Tensor).dataSync()])
    const half = runStretch(stretch(network, once, network.outputs[0]!), picture)
    expect([...half.dataSync()]).toEqual([...(shared.apply(picture) as Tensor).dataSync()])
  })

  it('may be a whole model, which then stays whole', () => {
    const inner = body()
    const x = input({ shape: [8, 8, 3] })
    const first = inner.apply(x) as SymbolicTensor
    const flipped = inner.apply(layers.reLU().apply(x)) as SymbolicTensor
    const network = model({ inputs: x, outputs: layers.add().apply([first, flipped]) as SymbolicTensor })
    const y = runStretch(stretch(network, network.inputs[0]!, network.outputs[0]!), picture)
    expect([...y.dataSync()]).toEqual([...(network.predict(picture) as Tensor).dataSync()])
  })
})
