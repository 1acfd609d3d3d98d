import '@tensorflow/tfjs-backend-cpu'
import { wasm } from '@cnnkit/backend-wasm'
import { cardOf } from '@cnnkit/layers'
import { createModel, type ModelName } from '@cnnkit/zoo'
import { memory, ones, type Tensor } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { withHead } from '../index.ts'

beforeAll(async () => {
  await wasm().start()
})

describe('withHead', () => {
  const networks: readonly (readonly [ModelName, number, number])[] = [
    ['alexnet', 67, 256],
    ['vgg11', 32, 512],
    ['squeezenet1_1', 33, 512],
    ['resnet18', 32, 512],
    ['mobilenet_v1_025', 32, 256],
  ]

  it.each(networks)('pools the last grid of %s at %i pixels and names the classes', async (name, size, channels) => {
    const before = memory().numTensors
    const classes = ['daisy', 'rose', 'tulip']
    const model = withHead(await createModel(name, { weights: null, inputShape: [size, size, 3], seed: 1 }), {
      classes,
    })
    const head = model.layers.filter((layer) => layer.name.startsWith('head.'))
    expect(head.map((layer) => layer.name)).toEqual(['head.pool', 'head.logits', 'head.scores'])
    expect(head[1]!.weights[0]!.shape).toEqual([channels, 3])
    expect(cardOf(model).labels).toEqual(classes)
    const x = ones([1, size, size, 3])
    const y = model.predict(x) as Tensor
    expect(y.shape).toEqual([1, 3])
    x.dispose()
    y.dispose()
    model.dispose()
    expect(memory().numTensors).toBe(before)
  })

  it('keeps the maximum where the network pools so', async () => {
    const pooled = await createModel('mobilenet_v1_025', {
      weights: null,
      inputShape: [32, 32, 3],
      includeTop: false,
      pooling: 'max',
    })
    const model = withHead(pooled, { classes: ['a', 'b'] })
    expect(model.getLayer('head.pool').getClassName()).toBe('GlobalMaxPooling2D')
    model.dispose()
  })
})
