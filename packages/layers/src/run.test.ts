import '@tensorflow/tfjs-backend-cpu'
import { memory, randomNormal, setBackend, type Tensor, tidy } from '@tensorflow/tfjs-core'
import { input, type LayersModel, model as makeModel } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  bottleneck,
  classifier,
  endpoint,
  frozenPrefixEnd,
  globalPool,
  layersFrom,
  rootScope,
  runStretch,
  stretch,
} from './index.ts'
import { tiny } from './tiny.fixture.ts'

const network = (dropout = 0): LayersModel => {
  const scope = rootScope({ flavor: tiny, seed: 1 })
  const x = input({ shape: [8, 8, 8], name: 'input' })
  let y = bottleneck(x, scope.at('stage1').at('block1'), { filters: 2, project: true })
  y = bottleneck(y, scope.at('stage1').at('block2'), { filters: 2 })
  y = bottleneck(y, scope.at('stage2').at('block1'), { filters: 4, strides: 2, project: true })
  y = classifier(globalPool(y, scope.at('head'), 'avg'), scope.at('head'), { classes: 3, dropout })
  return makeModel({ inputs: x, outputs: y })
}

const freezeAllBut = (model: LayersModel, where: string): void => {
  const open = new Set(layersFrom(model, where))
  for (const layer of model.layers) layer.trainable = open.has(layer)
}

let picture: Tensor
beforeAll(async () => {
  await setBackend('cpu')
  picture = randomNormal([2, 8, 8, 8], 0, 1, 'float32', 5)
})

describe('runStretch', () => {
  it('gives in two stretches what the model gives in one', () => {
    const model = network()
    const cut = endpoint(model, 'stage1')
    const grid = runStretch(stretch(model, model.inputs[0]!, cut), picture)
    const y = runStretch(stretch(model, cut, model.outputs[0]!), grid)
    expect([...y.dataSync()]).toEqual([...(model.predict(picture) as Tensor).dataSync()])
  })

  it('disposes what lies between, and not what it was given', () => {
    const model = network()
    const section = stretch(model, model.inputs[0]!, model.outputs[0]!)
    const before = memory().numTensors
    const y = runStretch(section, picture)
    expect(memory().numTensors).toBe(before + 1)
    expect(picture.isDisposed).toBe(false)
    y.dispose()
  })

  it('leaves the network as it was: its layers still have one output', () => {
    const model = network()
    tidy(() => runStretch(stretch(model, model.inputs[0]!, model.outputs[0]!), picture, { training: true }))
    expect(() => model.layers.map((layer) => layer.output)).not.toThrow()
  })

  it('refuses to start inside a residual block', () => {
    const model = network()
    const inside = endpoint(model, 'stage1.block2.conv1')
    expect(() => stretch(model, inside, model.outputs[0]!)).toThrow('Cut between blocks, not inside one.')
  })
})

describe('frozenPrefixEnd', () => {
  it('is the input when all is trained', () => {
    const model = network()
    expect(frozenPrefixEnd(model).id).toBe(model.inputs[0]!.id)
  })

  it('is the pooled vector when only the head is trained', () => {
    const model = network()
    freezeAllBut(model, 'head')
    expect(frozenPrefixEnd(model).name).toBe(endpoint(model, 'head.pool').name)
  })

  it('is the end of the last frozen stage, past the residual blocks', () => {
    const model = network()
    freezeAllBut(model, 'stage2')
    expect(frozenPrefixEnd(model).id).toBe(endpoint(model, 'stage1').id)
  })

  it('stays before dropout, which draws anew each time', () => {
    const model = network(0.5)
    for (const layer of model.layers) layer.trainable = false
    expect(frozenPrefixEnd(model).id).toBe(endpoint(model, 'head.pool').id)
  })

  it('goes no further than a norm that still moves its statistics', () => {
    const model = network()
    freezeAllBut(model, 'head')
    model.getLayer('stage2.block1.conv1.norm').trainable = true
    expect(frozenPrefixEnd(model).id).toBe(endpoint(model, 'stage1').id)
  })
})
