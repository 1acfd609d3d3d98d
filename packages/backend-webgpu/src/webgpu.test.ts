import '@tensorflow/tfjs-backend-cpu'
import { selectBackend, selfTest } from '@cnnkit/backend'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import {
  engine,
  findBackendFactory,
  getBackend,
  getKernel,
  memory,
  registerBackend,
  relu,
  removeBackend,
  setBackend,
  tensor,
  tidy,
  zeros,
} from '@tensorflow/tfjs-core'
import { beforeEach, describe, expect, it } from 'vitest'
import { driver } from './driver.ts'
import { type LostDevice, webgpu } from './index.ts'
import { node } from './start/node.ts'
import type { Platform } from './start/platform.ts'
import { noWebgpu } from './testing/here.ts'

const software = { software: 'allow' } as const

beforeEach(async () => {
  await setBackend('cpu')
})

describe('webgpu where there is none', () => {
  const without = (reason: string): Platform => ({ ...node, gpu: async () => reason })

  it('says why, and leaves nothing registered', async () => {
    const none = driver(without('This browser has no WebGPU.'), {})
    expect(await none.probe()).toBe('This browser has no WebGPU.')
    await expect(none.start()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect(findBackendFactory('webgpu')).toBeNull()
    expect(getBackend()).toBe('cpu')
  })

  it('says what to do where WebGPU finds no adapter', async () => {
    const gpu = { requestAdapter: async () => null } as unknown as GPU
    const reason = await driver({ ...node, gpu: async () => gpu }, {}).probe()
    expect(reason).toBe(`No GPU that WebGPU can use. ${node.remedy}`)
  })

  it('gives way to the next driver', async () => {
    const { cpu } = await import('@cnnkit/backend/cpu')
    const { report, skipped } = await selectBackend([driver(without('no GPU at all'), {}), cpu()])
    expect(report.backend).toBe('cpu')
    expect(skipped).toEqual([{ name: 'webgpu', reason: 'no GPU at all' }])
  })

  it('stays with the backend that ran when the adapter gives no device, and starts afterwards', async ({ skip }) => {
    if (noWebgpu !== undefined) skip(noWebgpu)
    const gpu = (await node.gpu()) as GPU
    const stingy = {
      requestAdapter: async () => {
        const adapter = (await gpu.requestAdapter())!
        adapter.requestDevice = async () => Promise.reject(new Error('taken'))
        return adapter
      },
    } as unknown as GPU
    const failing = driver({ ...node, gpu: async () => stingy }, software)
    await expect(failing.start()).rejects.toMatchObject({ code: 'NO_DEVICE' })
    expect(findBackendFactory('webgpu')).toBeNull()
    expect(getBackend()).toBe('cpu')
    await webgpu(software).start()
    expect(getBackend()).toBe('webgpu')
  })
})

describe.skipIf(noWebgpu !== undefined)('webgpu', { timeout: 200_000 }, () => {
  const backend = (): WebGPUBackend => engine().backend as WebGPUBackend

  it('refuses an adapter that computes on the CPU, unless it is asked for', async ({ skip }) => {
    const report = await webgpu(software).start()
    if (report.details.software !== 'yes') skip('a GPU is here')
    const reason = await webgpu().probe()
    expect(reason).toMatch(
      /computes on the CPU, where wasm\(\) is many times faster.*webgpu\(\{ software: 'allow' \}\)/,
    )
    await expect(webgpu().start()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    expect(await webgpu(software).probe()).toBeUndefined()
  })

  it('says what runs where', async () => {
    const report = await webgpu(software).start()
    expect(report.backend).toBe('webgpu')
    expect(report.device).not.toBe('')
    expect(report.details).toMatchObject({ runtime: expect.stringMatching(/^Dawn \(webgpu \d/), tfjs: '4.22.0' })
    expect(report.details['largest tensor']).toMatch(/^\d+ MiB$/)
    expect(report.details.software).toMatch(/^(yes|no)$/)
  })

  it('passes the self-test, and puts tensors where it says', async () => {
    const { report } = await selectBackend([webgpu(software)])
    expect(report.backend).toBe('webgpu')
    const before = memory().numTensors
    await selfTest({ tolerance: 1e-5 })
    expect(memory().numTensors).toBe(before)
  })

  it('started twice, or twice at once, is the same backend with its tensors', async () => {
    const report = await webgpu(software).start()
    const kept = tidy(() => relu(tensor([1, -2, 3])))
    await setBackend('cpu')
    const [first, second] = await Promise.all([webgpu(software).start(), webgpu(software).start()])
    expect([first, second]).toEqual([report, report])
    expect([...(await kept.data())]).toEqual([1, 0, 3])
    kept.dispose()
  })

  it('does not throw away tensors to run on another GPU', async () => {
    const told: LostDevice[] = []
    await webgpu({ ...software, onLost: (lost) => void told.push(lost) }).start()
    const kept = tensor([1, 2, 3])
    const other = webgpu({ ...software, powerPreference: 'low-power' })
    await expect(other.start()).rejects.toMatchObject({ code: 'BACKEND_IN_USE' })
    expect([...(await kept.data())]).toEqual([1, 2, 3])
    kept.dispose()
    const { device } = backend()
    await other.start()
    expect(backend().device).not.toBe(device)
    expect((await device.lost).reason).toBe('destroyed')
    expect(told).toEqual([])
  })

  it('takes the place of a backend of that name that is not ours', async () => {
    if (findBackendFactory('webgpu') !== null) removeBackend('webgpu')
    registerBackend('webgpu', () => {
      throw new Error('not this one')
    })
    await webgpu(software).start()
    const computed = tidy(() => relu(tensor([-1, 1])))
    expect([...(await computed.data())]).toEqual([0, 1])
    computed.dispose()
  })

  it('brings fast forms of the kernels of training', async () => {
    await webgpu(software).start()
    for (const name of ['BatchNormTraining', 'BatchNormTrainingGrad', 'ReluGrad', 'SgdUpdate', 'MaxPoolGrad']) {
      expect(getKernel(name, 'webgpu'), name).toBeDefined()
    }
  })

  it('says what to do about a read that waits for the GPU, which Node cannot', async () => {
    await webgpu(software).start()
    const computed = tidy(() => relu(zeros([2000])))
    expect(() => computed.dataSync()).toThrow(/Await data\(\) or array\(\)/)
    expect((await computed.data()).length).toBe(2000)
    computed.dispose()
  })

  it('leaves no navigator in Node, and of the globals only what the backend reads', () => {
    const names = Object.keys(Object.getOwnPropertyDescriptors(globalThis)).filter((name) => name.startsWith('GPU'))
    expect(names.sort()).toEqual(['GPUBuffer', 'GPUBufferUsage', 'GPUMapMode', 'GPUTexture', 'GPUTextureUsage'])
    expect((globalThis as { navigator?: { gpu?: unknown } }).navigator?.gpu).toBeUndefined()
  })
})
