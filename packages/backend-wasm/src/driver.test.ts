import '@tensorflow/tfjs-backend-cpu'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { findBackend, getBackend, setBackend } from '@tensorflow/tfjs-core'
import { expect, it, vi } from 'vitest'
import { driver } from './driver.ts'
import { node } from './start/node.ts'

it('a start that fails half way leaves no module behind, and no thread', async () => {
  await setBackend('cpu')
  let made: BackendWasm | undefined
  const ends = vi.fn()
  const failing = driver(
    {
      ...node,
      open: async (options) => {
        const opened = await node.open(options)
        made = opened.backend
        return opened
      },
      startWorker: ({ thread }) => {
        if (thread === 2) throw new Error('no more threads')
        return { end: ends }
      },
    },
    { threads: 3, kernels: 'own' },
  )
  await expect(failing.start()).rejects.toThrow(/did not start: no more threads/)
  // TensorFlow.js lets go of the module as it disposes of a backend.
  expect(made!.wasm).toBeNull()
  expect(ends).toHaveBeenCalledOnce()
  expect(getBackend()).toBe('cpu')
  expect(findBackend('wasm')).toBeNull()
})
