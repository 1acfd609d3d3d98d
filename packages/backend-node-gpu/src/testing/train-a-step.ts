import { selectBackend } from '@cnnkit/backend'
import { memory, randomNormal, type Tensor, tensor2d, topk, train } from '@tensorflow/tfjs-core'
import { layers, sequential } from '@tensorflow/tfjs-layers'
import { nodeGpu } from '../index.ts'

// A program of its own: starts the backend (which puts it to the self-test), trains a step, and says what came of it.
const { report } = await selectBackend([nodeGpu()])
const model = sequential({
  layers: [
    layers.conv2d({ inputShape: [16, 16, 3], filters: 8, kernelSize: 3, strides: 2, useBias: false }),
    layers.batchNormalization({}),
    layers.reLU({}),
    layers.maxPooling2d({ poolSize: 2 }),
    layers.flatten({}),
    layers.dense({ units: 2, activation: 'softmax' }),
  ],
})
model.compile({ optimizer: train.sgd(0.05), loss: 'categoricalCrossentropy' })
const x = randomNormal([4, 16, 16, 3], 0, 1, 'float32', 1)
const y = tensor2d([0, 1, 1, 0, 0, 1, 1, 0], [4, 2])
const losses: number[] = []
let tensors = 0
for (let step = 0; step < 5; step++) {
  losses.push((await model.trainOnBatch(x, y)) as number)
  if (step === 0) tensors = memory().numTensors
}
const left = memory().numTensors - tensors
// These two call what Node has removed.
const { indices } = topk(tensor2d([0, 3, 1, 2], [1, 4]), 2)
const stacked = (model.predict(x) as Tensor).shape
process.stdout.write(
  `${JSON.stringify({ report, losses, left, top: [...indices.dataSync()], stacked, node: process.version })}\n`,
)
