// Run as a process of its own by lifecycle.test.ts, and bundled into the page of browser.test.ts: what a program does that trains.
import { type SelectBackendOptions, selectBackend } from '@cnnkit/backend'
import type { BackendDriver } from '@cnnkit/kernels'
import { oneHot, ones, tensor1d } from '@tensorflow/tfjs-core'
import { initializers, layers, type Sequential, sequential } from '@tensorflow/tfjs-layers'

/** All sorts of kernels in a few shaders. */
export function network(): Sequential {
  const kernelInitializer = initializers.constant({ value: 0.05 })
  const model = sequential({
    layers: [
      layers.conv2d({
        inputShape: [8, 8, 2],
        filters: 4,
        kernelSize: 3,
        strides: 2,
        activation: 'relu',
        kernelInitializer,
      }),
      layers.depthwiseConv2d({ kernelSize: 3, depthwiseInitializer: kernelInitializer }),
      layers.flatten(),
      layers.dense({ units: 2, activation: 'softmax', kernelInitializer }),
    ],
  })
  model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' })
  return model
}

/** Two steps on the first driver that works. */
export async function train(
  drivers: readonly BackendDriver[],
  options: SelectBackendOptions = {},
): Promise<{ backend: string; losses: number[] }> {
  const { report } = await selectBackend(drivers, options)
  const model = network()
  const x = ones([4, 8, 8, 2])
  const y = oneHot(tensor1d([0, 1, 1, 1], 'int32'), 2)
  const losses = [await model.trainOnBatch(x, y), await model.trainOnBatch(x, y)] as number[]
  return { backend: report.backend, losses }
}
