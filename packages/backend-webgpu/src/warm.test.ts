import '@tensorflow/tfjs-backend-cpu'
import { noise } from '@cnnkit/testing/numbers'
import { memory, setBackend, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { warm, webgpu } from './index.ts'
import { noWebgpu } from './testing/here.ts'
import { smallNetwork, valuesOf } from './testing/small-network.ts'

describe.skipIf(noWebgpu !== undefined)('warm', { timeout: 300_000 }, () => {
  beforeAll(async () => {
    await webgpu({ software: 'allow' }).start()
  })

  it('compiles ahead what a step takes, and changes no weight and no moving statistic', async () => {
    const net = smallNetwork()
    const before = await valuesOf(net)
    const tensors = memory().numTensors
    const forward = await warm(net, { batch: 2 })
    expect(forward.shaders).toBeGreaterThan(8)
    expect(forward.allShaders).toBe(forward.shaders)
    expect((await warm(net, { batch: 2 })).shaders).toBe(0)
    expect((await warm(net, { batch: 2, training: true })).shaders).toBeGreaterThan(10)
    expect(memory().numTensors).toBe(tensors)
    expect(await valuesOf(net)).toEqual(before)
    const x = tensor(noise([2, 8, 8, 3], 3).values, [2, 8, 8, 3])
    const scores = tidy(() => net.predict(x) as Tensor)
    const values = await scores.data()
    expect([...values].reduce((sum: number, score: number) => sum + score, 0)).toBeCloseTo(2, 4)
    const last = await warm(() => net.predict(x))
    expect(last.shaders).toBe(0)
  })

  it('says what to do where a size is missing, or another backend runs', async () => {
    const any = { inputs: [{ shape: [null, null, null, 3] }], apply: (x: unknown) => x }
    await setBackend('webgpu')
    await expect(warm(any)).rejects.toMatchObject({ code: 'UNKNOWN_SIZE' })
    expect((await warm(any, { size: [8, 8] })).shaders).toBe(0)
    await setBackend('cpu')
    await expect(warm(any)).rejects.toThrow(/the backend that runs is "cpu"/)
  })
})
