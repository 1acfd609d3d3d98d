import '@tensorflow/tfjs-backend-cpu'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { engine, memory, oneHot, randomUniform, type Tensor, tensor1d, train } from '@tensorflow/tfjs-core'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { wasm } from './index.ts'
import { bytesOf } from './memory/heap.ts'

const held = (): object => ({
  tensors: memory().numTensors,
  packed: (memory() as unknown as { packedBytes: number }).packedBytes,
  heap: bytesOf(engine().backend as BackendWasm).length,
  workers: process.getActiveResourcesInfo().filter((kind) => kind === 'MessagePort').length,
})

describe('our own kernels on two threads', () => {
  beforeAll(async () => {
    await wasm({ threads: 2, kernels: 'own' }).start()
  })

  it('hold no more after 1,000 training steps and 10,000 predictions than after a few', async () => {
    const model = sequential({
      layers: [
        layers.conv2d({ inputShape: [12, 12, 3], filters: 16, kernelSize: 3, padding: 'same', useBias: false }),
        layers.batchNormalization({}),
        layers.reLU({ maxValue: 6 }),
        layers.conv2d({ filters: 16, kernelSize: 3, padding: 'same', activation: 'relu' }),
        layers.depthwiseConv2d({ kernelSize: 5, strides: 2, padding: 'same' }),
        layers.maxPooling2d({ poolSize: 2 }),
        layers.flatten(),
        layers.dense({ units: 4, activation: 'softmax' }),
      ],
    })
    const optimizer = train.momentum(0.01, 0.9)
    model.compile({ optimizer, loss: 'categoricalCrossentropy' })
    const x = randomUniform([8, 12, 12, 3])
    const y = oneHot(tensor1d([0, 1, 2, 3, 0, 1, 2, 3], 'int32'), 4)
    for (let i = 0; i < 20; i++) await model.trainOnBatch(x, y)
    const trained = held()
    for (let i = 0; i < 1000; i++) await model.trainOnBatch(x, y)
    expect(held()).toEqual(trained)
    for (let i = 0; i < 20; i++) (model.predict(x) as Tensor).dispose()
    const predicted = held()
    for (let i = 0; i < 10_000; i++) (model.predict(x) as Tensor).dispose()
    expect(held()).toEqual(predicted)
  })
})
