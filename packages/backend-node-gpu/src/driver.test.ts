import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-layers' // registers the gradients of TensorFlow.js' own kernels
import { selectBackend, selfTest } from '@cnnkit/backend'
import { findBackendFactory, getBackend, getKernelsForBackend, memory, ones, setBackend } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { nodeGpu } from './index.ts'
import { whyNoTfjsNode } from './testing/tfjs-node.ts'

const why = await whyNoTfjsNode()

describe('nodeGpu', () => {
  it.skipIf(why)(`leaves nothing registered where a GPU is required and there is none${why ?? ''}`, async (context) => {
    await setBackend('cpu')
    const started = nodeGpu({ requireGpu: true }).start()
    const report = await started.catch(() => undefined)
    if (report !== undefined) return context.skip('there is a CUDA device here')
    await expect(started).rejects.toMatchObject({ code: 'NO_GPU' })
    await expect(started).rejects.toThrow(/CUDA/)
    expect(getBackend()).toBe('cpu')
    expect(findBackendFactory('tensorflow')).toBeNull()
    expect(getKernelsForBackend('tensorflow')).toEqual([])
  })

  it.skipIf(why)('starts after that, passes the self-test and says what runs', async () => {
    const { report, skipped } = await selectBackend([nodeGpu()])
    expect(skipped).toEqual([])
    expect(report.backend).toBe('tensorflow')
    expect(report.details.tensorflow).toMatch(/^\d+\.\d+\.\d+$/)
    expect(report.memoryBytes).toBeGreaterThan(2 ** 28)
    if (report.details.cuda === 'no') {
      expect(report.threads).toBeGreaterThan(0)
      expect(report.details.note).toMatch(/^no CUDA device: /)
    }
    const tensors = memory().numTensors
    await selfTest({ tolerance: 1e-5 })
    expect(memory().numTensors).toBe(tensors)
  })

  it.skipIf(why)('keeps what runs when it is asked for a GPU later', async (context) => {
    const { details } = await nodeGpu().start()
    if (details.cuda === 'yes') return context.skip('there is a CUDA device here')
    const x = ones([2])
    await expect(nodeGpu({ requireGpu: true }).start()).rejects.toMatchObject({ code: 'NO_GPU' })
    expect([...x.dataSync()]).toEqual([1, 1])
    x.dispose()
  })
})
