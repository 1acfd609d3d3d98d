import '@tensorflow/tfjs-backend-cpu'
import { noise, relativeError } from '@cnnkit/testing/numbers'
import { disposeVariables, memory, oneHot, setBackend, tensor, tensor1d, tidy, train } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { webgpu } from './index.ts'
import { noWebgpu } from './testing/here.ts'
import { smallNetwork, valuesOf } from './testing/small-network.ts'

interface Trained {
  readonly losses: number[]
  readonly weights: Float32Array[]
}

async function trained(backend: 'cpu' | 'webgpu', steps: number): Promise<Trained> {
  await setBackend(backend)
  const net = smallNetwork()
  const optimizer = train.momentum(0.02, 0.9)
  net.compile({ optimizer, loss: 'categoricalCrossentropy' })
  const x = tensor(noise([4, 8, 8, 3], 3).values, [4, 8, 8, 3])
  const y = tidy(() => oneHot(tensor1d([0, 1, 2, 3], 'int32'), 5))
  const losses: number[] = []
  let tensors = 0
  for (let step = 0; step < steps; step++) {
    losses.push((await net.trainOnBatch(x, y)) as number)
    // The first step makes the optimizer's variables.
    if (step === 0) tensors = memory().numTensors
    expect(memory().numTensors).toBe(tensors)
  }
  const weights = await valuesOf(net)
  net.dispose()
  optimizer.dispose()
  disposeVariables()
  x.dispose()
  y.dispose()
  return { losses, weights }
}

// Compiling shaders for a CPU takes seconds, more beside other work.
describe.skipIf(noWebgpu !== undefined)('training on WebGPU', { timeout: 300_000 }, () => {
  beforeAll(async () => {
    await webgpu({ software: 'allow' }).start()
  })

  it('gives the losses, weights and moving statistics that the cpu backend gives', async () => {
    const expected = await trained('cpu', 3)
    const actual = await trained('webgpu', 3)
    expect(relativeError(actual.losses, expected.losses)).toBeLessThan(1e-3)
    const errors = expected.weights.map((weight, i) => relativeError(actual.weights[i]!, weight))
    expect(Math.max(...errors)).toBeLessThan(1e-3)
    expect(expected.losses[2]).toBeLessThan(expected.losses[0]!)
  })
})
