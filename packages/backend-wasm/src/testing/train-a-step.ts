// Run as a process of its own by lifecycle.test.ts: one training step on so many threads, and then nothing that ends it.

import { oneHot, ones, tensor1d } from '@tensorflow/tfjs-core'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import { wasm } from '../index.ts'

const report = await wasm({ threads: Number(process.argv[2]) }).start()
const model = sequential({
  layers: [
    layers.conv2d({ inputShape: [16, 16, 3], filters: 8, kernelSize: 3, strides: 2, activation: 'relu' }),
    layers.flatten(),
    layers.dense({ units: 2, activation: 'softmax' }),
  ],
})
model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' })
const loss = await model.trainOnBatch(ones([4, 16, 16, 3]), oneHot(tensor1d([0, 1, 1, 0], 'int32'), 2))
process.stdout.write(`${report.threads} ${Number.isFinite(loss)}`)
