// Bundled into the page of browser.test.ts: starts wasm as the page's address says, and trains a step.
import { oneHot, ones, tensor1d } from '@tensorflow/tfjs-core'
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers'
import { wasm } from '../index.browser.ts'

async function run(): Promise<unknown> {
  const asked = new URL(location.href).searchParams
  const driver = wasm({
    ...(asked.has('threads') ? { threads: Number(asked.get('threads')) } : {}),
    ...(asked.has('kernels') ? { kernels: asked.get('kernels') as 'own' | 'stock' } : {}),
    wasmPaths: asked.get('paths') ?? '/wasm/',
  })
  const report = await driver.start()
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
  const x = ones([4, 8, 8, 2])
  const y = oneHot(tensor1d([0, 1, 1, 1], 'int32'), 2)
  return { report, losses: [await model.trainOnBatch(x, y), await model.trainOnBatch(x, y)] }
}

run().then(
  (result) => Object.assign(globalThis, { result }),
  (error: Error & { code?: string }) =>
    Object.assign(globalThis, { result: { code: error.code, message: error.message } }),
)
