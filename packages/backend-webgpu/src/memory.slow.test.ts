import { noise } from '@cnnkit/testing/numbers'
import { memory, oneHot, tensor, tensor1d, tidy } from '@tensorflow/tfjs-core'
import { expect, it } from 'vitest'
import { webgpu } from './index.ts'
import { noWebgpu } from './testing/here.ts'
import { smallNetwork } from './testing/small-network.ts'

it('a hundred training steps leave the memory of the GPU where it was', { timeout: 900_000 }, async ({ skip }) => {
  if (noWebgpu !== undefined) skip(noWebgpu)
  await webgpu({ software: 'allow' }).start()
  const net = smallNetwork()
  net.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' })
  const x = tensor(noise([2, 8, 8, 3], 3).values, [2, 8, 8, 3])
  const y = tidy(() => oneHot(tensor1d([0, 1], 'int32'), 5))
  const used: unknown[] = []
  for (let step = 0; step < 100; step++) {
    await net.trainOnBatch(x, y)
    const { numTensors, numBytesInGPU, numBytesAllocatedInGPU } = memory() as unknown as Record<string, number>
    if (step === 10 || step === 99) used.push({ numTensors, numBytesInGPU, numBytesAllocatedInGPU })
  }
  expect(used[1]).toEqual(used[0])
})
