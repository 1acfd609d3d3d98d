import '@tensorflow/tfjs-backend-cpu'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import {
  engine,
  getBackend,
  memory,
  oneHot,
  ones,
  relu,
  setBackend,
  square,
  tensor1d,
  zeros,
} from '@tensorflow/tfjs-core'
import { layers, type Sequential, sequential } from '@tensorflow/tfjs-layers'
import { describe, expect, it } from 'vitest'
import { type LostDevice, webgpu } from './index.ts'
import { noWebgpu } from './testing/here.ts'

const device = (): GPUDevice => (engine().backend as WebGPUBackend).device

function network(): Sequential {
  const model = sequential({
    layers: [
      layers.conv2d({ inputShape: [12, 12, 3], filters: 4, kernelSize: 3, activation: 'relu' }),
      layers.flatten(),
      layers.dense({ units: 2, activation: 'softmax' }),
    ],
  })
  model.compile({ optimizer: 'sgd', loss: 'categoricalCrossentropy' })
  return model
}

async function step(model: Sequential, then: () => void = () => undefined): Promise<number> {
  const [x, y] = [ones([4, 12, 12, 3]), oneHot(tensor1d([0, 1, 1, 0], 'int32'), 2)]
  try {
    const loss = model.trainOnBatch(x, y)
    then()
    return (await loss) as number
  } finally {
    x.dispose()
    y.dispose()
  }
}

describe.skipIf(noWebgpu !== undefined)('a GPU that is lost', { timeout: 200_000 }, () => {
  const told: LostDevice[] = []
  const onLost = (lost: LostDevice): void => void told.push(lost)
  const start = (): Promise<unknown> => webgpu({ software: 'allow', onLost }).start()

  it('is told once, and each kernel and read says what to do', async () => {
    await start()
    const kept = relu(ones([3000]))
    device().destroy()
    await device().lost
    expect(told).toEqual([{ reason: 'destroyed', message: expect.any(String) }])
    expect(() => square(kept)).toThrow(/The GPU was lost \(destroyed.*Start webgpu\(\) again, or another backend/)
    await expect(kept.data()).rejects.toMatchObject({ code: 'DEVICE_LOST' })
    expect(() => kept.dataSync()).toThrow(/lost/)
    kept.dispose()
  })

  it('is started again, with nothing of the old one in the way', async () => {
    const stale = zeros([5])
    await start()
    expect((await relu(ones([2000])).data())[1999]).toBe(1)
    stale.dispose()
  })

  it('in the middle of a training step ends the step with an error, and the next backend trains', async () => {
    await start()
    told.length = 0
    const model = network()
    await step(model)
    const failed = step(model, () => device().destroy())
    await expect(failed).rejects.toMatchObject({ code: 'DEVICE_LOST' })
    expect(told.length).toBe(1)
    await setBackend('cpu')
    expect(await step(network())).toBeGreaterThan(0)
    await start()
    expect(getBackend()).toBe('webgpu')
    expect((await relu(ones([2000])).data())[1999]).toBe(1)
  })
})

describe.skipIf(noWebgpu !== undefined)('what the GPU refuses', () => {
  it('is an error of the next read, and no zeros', async () => {
    await webgpu({ software: 'allow' }).start()
    device().createBuffer({ size: 2 ** 50, usage: GPUBufferUsage.STORAGE })
    await expect(relu(ones([2000])).data()).rejects.toMatchObject({
      code: 'GPU_ERROR',
      message: expect.stringMatching(/Buffer size \(1125899906842624\) exceeds.*Start webgpu\(\) again/),
    })
    await webgpu({ software: 'allow' }).start()
    expect((await relu(ones([2000])).data())[0]).toBe(1)
    expect(memory().numTensors).toBeGreaterThan(0)
  })
})
