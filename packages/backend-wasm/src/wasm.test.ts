import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import '@tensorflow/tfjs-backend-cpu'
import { engine, findBackendFactory, getBackend, getKernel, memory, setBackend, tensor } from '@tensorflow/tfjs-core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { wasm } from './index.ts'

beforeEach(async () => {
  await setBackend('cpu')
})

describe('wasm', () => {
  it('does nothing until it is started', async () => {
    const driver = wasm()
    expect(driver.name).toBe('wasm')
    expect(await driver.probe()).toBeUndefined()
    expect(findBackendFactory('wasm')).toBeNull()
  })

  it('refuses a number of threads that is none, and stays with the backend that ran', async () => {
    for (const threads of [0, -1, 1.5, Number.NaN]) {
      await expect(wasm({ threads }).start()).rejects.toMatchObject({ code: 'INVALID_OPTION' })
    }
    expect(getBackend()).toBe('cpu')
    expect(findBackendFactory('wasm')).toBeNull()
  })

  it('leaves nothing registered when its files are missing, and starts all the same afterwards', async () => {
    const empty = await mkdtemp(path.join(os.tmpdir(), 'no-wasm-'))
    try {
      const failure = wasm({ wasmPaths: empty }).start()
      await expect(failure).rejects.toMatchObject({ name: 'CnnkitError', code: 'START_FAILED' })
      await expect(failure).rejects.toThrow(empty)
    } finally {
      await rm(empty, { recursive: true })
    }
    expect(getBackend()).toBe('cpu')
    expect(findBackendFactory('wasm')).toBeNull()
    expect((engine().registry as Record<string, unknown>).wasm).toBeUndefined()
    await wasm().start()
    expect(getBackend()).toBe('wasm')
  })

  it('takes all cores unless told otherwise, and says what runs', async () => {
    const report = await wasm().start()
    expect(report).toMatchObject({
      backend: 'wasm',
      threads: Math.min(8, os.availableParallelism()),
      details: { simd: 'yes', tfjs: '4.22.0' },
    })
    expect(report.details.module).toMatch(/tfjs-backend-wasm-(threaded-)?simd\.wasm$/)
    expect(report.device).not.toBe('')
  })

  it('runs on as many threads as it is told to, also more than there are cores', async () => {
    for (const threads of [1, 2, 3]) {
      const report = await wasm({ threads }).start()
      expect(report.threads).toBe(threads)
      expect(report.details.module).toContain(threads === 1 ? 'wasm-simd.wasm' : 'threaded')
    }
  })

  it('started twice is the same backend, with its tensors', async () => {
    const report = await wasm({ threads: 2 }).start()
    const kept = tensor([1, 2, 3])
    await setBackend('cpu')
    expect(await wasm({ threads: 2 }).start()).toBe(report)
    expect(getBackend()).toBe('wasm')
    expect([...kept.dataSync()]).toEqual([1, 2, 3])
    kept.dispose()
  })

  it('started twice at once is started once', async () => {
    const [first, second] = await Promise.all([wasm({ threads: 2 }).start(), wasm({ threads: 2 }).start()])
    expect(first).toBe(second)
  })

  it('does not throw away tensors to run on another number of threads', async () => {
    await wasm({ threads: 2 }).start()
    const kept = tensor([1, 2, 3])
    await expect(wasm({ threads: 1 }).start()).rejects.toMatchObject({ code: 'BACKEND_IN_USE' })
    expect(getBackend()).toBe('wasm')
    expect([...kept.dataSync()]).toEqual([1, 2, 3])
    kept.dispose()
    expect((await wasm({ threads: 1 }).start()).threads).toBe(1)
  })

  it('brings the kernels that training lacks on stock wasm', async () => {
    await wasm().start()
    for (const name of ['Conv2DBackpropFilter', 'DepthwiseConv2dNativeBackpropFilter', 'BatchNormTrainingGrad']) {
      expect(getKernel(name, 'wasm')).toBeDefined()
    }
  })
})

describe('the process around it', () => {
  const listeners = (): number[] =>
    ['uncaughtException', 'unhandledRejection', 'exit'].map((event) => process.listenerCount(event))
  const before = { listeners: listeners(), Worker: (globalThis as { Worker?: unknown }).Worker }
  afterEach(() => expect(memory().numTensors).toBe(0))

  it('keeps its listeners and globals, which the stock start changes', async () => {
    await wasm({ threads: 2 }).start()
    expect(listeners()).toEqual(before.listeners)
    expect((globalThis as { Worker?: unknown }).Worker).toBe(before.Worker)
  })
})
