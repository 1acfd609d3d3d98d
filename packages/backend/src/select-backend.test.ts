import { wasm } from '@cnnkit/backend-wasm'
import { CnnkitError } from '@cnnkit/errors'
import {
  findBackendFactory,
  getBackend,
  getKernel,
  KernelBackend,
  memory,
  registerBackend,
  registerKernel,
  setBackend,
  tensor,
  unregisterKernel,
} from '@tensorflow/tfjs-core'
import { beforeEach, describe, expect, it } from 'vitest'
import { cpu } from './cpu.ts'
import { type BackendDriver, selectBackend } from './index.ts'

const impossible = (name: string, reason: string): BackendDriver => ({
  name,
  probe: async () => reason,
  start: () => {
    throw new Error('must not be started')
  },
})

const failing = (name: string, message: string): BackendDriver => ({
  name,
  probe: async () => undefined,
  start: async () => {
    throw new CnnkitError('test', 'START_FAILED', message)
  },
})

class Hollow extends KernelBackend {
  override dispose(): void {}
}

/** Starts, and has no kernels at all. */
const hollow = (name: string): BackendDriver => ({
  name,
  probe: async () => undefined,
  start: async () => {
    registerBackend(name, () => new Hollow() as never)
    await setBackend(name)
    return { backend: name, device: 'none', details: {} }
  },
})

beforeEach(async () => {
  await cpu().start()
})

describe('selectBackend', () => {
  it('takes the first that works, and says why those before it do not', async () => {
    const { report, skipped } = await selectBackend([
      impossible('webgpu', 'No adapter.'),
      failing('webgl', 'No context.'),
      cpu(),
      impossible('never', 'Never asked.'),
    ])
    expect(report).toMatchObject({ backend: 'cpu', threads: 1 })
    expect(skipped).toEqual([
      { name: 'webgpu', reason: 'No adapter.' },
      { name: 'webgl', reason: '[@cnnkit/test] No context.' },
    ])
    expect(getBackend()).toBe('cpu')
  })

  it('takes real wasm', async () => {
    const tensors = memory().numTensors
    const { report, skipped } = await selectBackend([wasm({ threads: 2 }), cpu()])
    expect(report).toMatchObject({ backend: 'wasm', threads: 2 })
    expect(skipped).toEqual([])
    expect(getBackend()).toBe('wasm')
    expect(memory().numTensors).toBe(tensors)
  })

  it('lists each driver with its reason when none works, and stays with the backend that ran', async () => {
    const kept = tensor([4, 5])
    const selection = selectBackend([impossible('webgpu', 'No adapter.'), failing('webgl', 'No context.')])
    await expect(selection).rejects.toMatchObject({ code: 'NO_BACKEND' })
    await expect(selection).rejects.toThrow(/webgpu: No adapter\.\n {2}webgl: .*No context\./)
    expect(getBackend()).toBe('cpu')
    expect([...kept.dataSync()]).toEqual([4, 5])
    kept.dispose()
  })

  it('says so when no drivers are given', async () => {
    await expect(selectBackend([])).rejects.toThrow(/No drivers were given/)
  })

  it('passes over a backend that starts and cannot compute, and takes it away again', async () => {
    const { report, skipped } = await selectBackend([hollow('hollow'), cpu()])
    expect(report.backend).toBe('cpu')
    expect(skipped[0]?.reason).toMatch(/On the backend "hollow" Conv2D does not run/)
    expect(findBackendFactory('hollow')).toBeNull()
  })

  it('stays with what ran when the only one cannot compute', async () => {
    await expect(selectBackend([hollow('hollow')])).rejects.toMatchObject({ code: 'NO_BACKEND' })
    expect(getBackend()).toBe('cpu')
  })

  it('takes a backend that computes wrongly only if it is told not to test', async () => {
    const right = getKernel('Conv2DBackpropFilter', 'cpu')!
    unregisterKernel(right.kernelName, 'cpu')
    registerKernel({
      ...right,
      kernelFunc: (call) => right.kernelFunc({ ...call, inputs: { ...call.inputs, x: call.inputs.dy! } as never }),
    })
    try {
      await expect(selectBackend([cpu()])).rejects.toThrow(/Conv2DBackpropFilter (is wrong|does not run)/)
      expect((await selectBackend([cpu()], { selfTest: false })).report.backend).toBe('cpu')
    } finally {
      unregisterKernel(right.kernelName, 'cpu')
      registerKernel(right)
    }
  })
})
