import { Worker as NodeWorker } from 'node:worker_threads'
import '@tensorflow/tfjs-backend-cpu'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { node } from '../start/node.ts'
import { type Engine, type EngineOptions, startEngine } from './engine.ts'
import { activeAt, roundAt } from './job-fields.ts'
import { startWorker } from './worker.node.ts'
import { serveSource } from './worker.ts'

type Opened = Awaited<ReturnType<typeof node.open>>
let opened: Opened
afterEach(() => {
  vi.restoreAllMocks()
  opened.backend.dispose()
})

async function start(options: Omit<EngineOptions, 'threads'>): Promise<Engine> {
  opened = await node.open({ threads: 2 })
  return startEngine(opened.backend, { threads: 2, ...options })
}

/** A job of no kind that there is; of two units, as one alone wakes no worker. */
const nothing = { kind: -1, units: 2 }
const patiently = { timeout: 30_000 }

/** A worker that runs a program in place of its own. */
const worker =
  (program: string): EngineOptions['startWorker'] =>
  (workerData) => {
    const data =
      "const { memory, job } = require('node:worker_threads').workerData; const words = new Int32Array(memory.buffer); "
    const thread = new NodeWorker(data + program, { eval: true, execArgv: [], workerData })
    return { end: () => void thread.terminate() }
  }

/** Waits for the first round, counts itself in as every worker does, and is gone. */
const endsSilently = `Atomics.wait(words, job / 4 + ${roundAt}, 0); Atomics.add(words, job / 4 + ${activeAt}, 1)`

describe('a worker that is lost', () => {
  it('is told when it does not finish in time, then and ever after', async () => {
    const engine = await start({ patience: 50, startWorker: worker(endsSilently) })
    const lost = expect.objectContaining({ code: 'WORKER_LOST' })
    await vi.waitFor(() => expect(() => engine.run(nothing)).toThrow(lost), patiently)
    expect(() => engine.run(nothing)).toThrow(/A worker .* in the middle of an operation/)
  })

  it('is not one that comes back late, after a machine slept', async () => {
    const late = `${endsSilently}; setTimeout(() => Atomics.sub(words, job / 4 + ${activeAt}, 1), 100)`
    const engine = await start({ startWorker: worker(late) })
    let now = 0
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => (now += 3_600_000))
    await vi.waitFor(() => {
      expect(engine.run(nothing)).toBe(true)
      expect(clock.mock.calls.length).toBeGreaterThan(1)
    }, patiently)
  })

  it('is told at once when it fails', async () => {
    const engine = await start({ startWorker: (data) => startWorker({ ...data, job: 2 ** 32 - 64 }) })
    await vi.waitFor(
      () => expect(() => engine.run(nothing)).toThrow(expect.objectContaining({ code: 'WORKER_LOST' })),
      patiently,
    )
  })

  it('is one less when it never starts, and no more than that', async () => {
    const engine = await start({ startWorker: worker(`${serveSource}; serve({ module: undefined, memory, job })`) })
    for (let i = 0; i < 100; i++) expect(engine.run(nothing)).toBe(true)
  })
})
