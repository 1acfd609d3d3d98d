import { tensor2d, train } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { noise } from '../networks/noise.ts'
import type { Subject } from '../row.ts'

/**
 * A step of `trainOnBatch` on a batch that is there already: forward, cross-entropy, gradients, and SGD, plain or with momentum, on all
 * that is not frozen. The output is the loss of the first step, which the fresh weights alone decide.
 */
export function trainStep(
  model: LayersModel,
  { batch, threads, momentum }: { batch: number; threads: number; momentum?: number },
): Subject {
  const x = noise([batch, ...(model.inputs[0]!.shape.slice(1) as number[])], 1)
  const classes = model.outputs[0]!.shape[1]!
  const y = tensor2d(
    Array.from({ length: batch }, (_, i) => Array.from({ length: classes }, (_, c) => Number(i % classes === c))),
  )
  model.compile({
    optimizer: momentum === undefined ? train.sgd(1e-4) : train.momentum(1e-4, momentum),
    loss: 'categoricalCrossentropy',
  })
  let first: number | undefined
  return {
    threads,
    run: async () => {
      const loss = (await model.trainOnBatch(x, y)) as number
      first ??= loss
    },
    output: async () => (first === undefined ? [] : [first]),
  }
}
