import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createModel } from '@cnnkit/zoo'
import { backend, dispose, memory, randomUniform, tensor2d, train } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { nodeGpu } from '../index.ts'
import { whyNoTfjsNode } from '../testing/tfjs-node.ts'
import { registerKernels, unregisterKernels } from './register.ts'

const why = await whyNoTfjsNode()
const skipped = why === undefined ? '' : ` (skipped: ${why})`

/** Tensors that TensorFlow itself holds, whatever TensorFlow.js counts. */
const held = (): number => (backend() as unknown as { getNumOfTFTensors(): number }).getNumOfTFTensors()

const heap = (): number => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage().heapUsed
}

async function steps(model: LayersModel, count: number, [batch, size]: [number, number]): Promise<number[]> {
  const x = randomUniform([batch, size, size, 3], -1, 1, 'float32', 1)
  const classes = model.outputs[0]!.shape[1]!
  const y = tensor2d(
    Array.from({ length: batch }, (_, i) => Array.from({ length: classes }, (_, c) => Number(i % classes === c))),
  )
  const losses: number[] = []
  for (let i = 0; i < count; i++) losses.push((await model.trainOnBatch(x, y)) as number)
  dispose([x, y])
  return losses
}

describe.skipIf(why)(`training on TensorFlow's own library${skipped}`, () => {
  beforeAll(async () => {
    await nodeGpu().start()
  })

  it('leaves tensors and heap where they were after a hundred steps', async () => {
    const model = await createModel('resnet20_cifar', { weights: null })
    model.compile({ optimizer: train.momentum(1e-3, 0.9), loss: 'categoricalCrossentropy' })
    await steps(model, 10, [2, 32])
    const before = { tensors: memory().numTensors, held: held(), heap: heap() }
    const losses = await steps(model, 100, [2, 32])
    expect(memory().numTensors).toBe(before.tensors)
    expect(held()).toBe(before.held)
    expect(heap() - before.heap).toBeLessThan(2e6)
    expect(losses.every(Number.isFinite)).toBe(true)
    expect(losses.at(-1)).toBeLessThan(losses[0]!)
    model.dispose()
  }, 300_000)

  // Not against the cpu backend: one value that rounding puts on the other side of a ReLU's bound moves gradients by hundredths.
  it('gives a network with depthwise convolutions, ReLU6 and norms the losses that the composed forms give', async () => {
    const losses = async (): Promise<number[]> => {
      const options = { weights: null, seed: 1, dropout: 0, inputShape: [64, 64, 3], classes: 4 } as const
      const model = await createModel('mobilenet_v1_025', options)
      model.compile({ optimizer: train.momentum(1e-2, 0.9), loss: 'categoricalCrossentropy' })
      const found = await steps(model, 2, [4, 64])
      model.dispose()
      return found
    }
    const ours = await losses()
    unregisterKernels()
    const composed = await losses()
    registerKernels()
    expect(ours[1]).not.toBe(ours[0])
    ours.forEach((loss, i) => {
      expect(Math.abs(loss - composed[i]!) / composed[i]!).toBeLessThan(1e-3)
    })
  }, 300_000)
})
