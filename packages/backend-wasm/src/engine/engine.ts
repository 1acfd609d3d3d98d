import { CnnkitError } from '@cnnkit/errors'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { allocate, release } from '../memory/heap.ts'
import { compiledKernels } from './compiled.ts'
import { type Job, JobArea, type PlannedJob } from './job.ts'
import { failedAt, jobWords, roundAt } from './job-fields.ts'
import { PackedWeights } from './packed-weights.ts'
import { supportsRelaxedSimd } from './relaxed-simd.ts'
import { mostPatience, Rounds } from './rounds.ts'
import type { StartWorker, Worker } from './worker.ts'

/** What assembly/index.ts exports. */
export interface Kernels {
  /** Whether the job is done; 0 while a worker is at it. */
  run(job: number): number
  /** The same, asked again. */
  settle(job: number): number
  transpose(from: number, to: number, rows: number, columns: number): void
  packPanels(from: number, to: number, depth: number, channels: number, row: number): void
  packDepthwise(from: number, to: number, taps: number, channels: number): void
  packWinograd(from: number, to: number, depth: number, channels: number, row: number): void
  packWinogradTurned(from: number, to: number, depth: number, channels: number): void
}

/** Which instructions the kernels were compiled for. */
export type Instructions = 'simd' | 'relaxed'

/** Kernels of our own on the heap of a backend. */
export interface Engine {
  readonly kernels: Kernels
  readonly instructions: Instructions
  /** Those that work, the main one among them. */
  readonly threads: number
  /** Rows of a tile, as in assembly/tile.ts. */
  readonly tileRows: number
  readonly weights: PackedWeights
  /**
   * Runs a job; false where the heap has no room for its scratch memory, and nothing was done.
   *
   * @throws `WORKER_LOST` when a worker ended in the middle of it
   */
  run(job: Job | PlannedJob): boolean
}

/** Options of {@link startEngine}. */
export interface EngineOptions {
  readonly threads: number
  /** The best that the runtime has unless given. */
  readonly instructions?: Instructions
  readonly startWorker: StartWorker
  /** Milliseconds to wait for a worker that does not finish. */
  readonly patience?: number
}

const engines = new WeakMap<BackendWasm, Engine>()

/** The engine of a backend that was started with one. */
export function engineOf(backend: BackendWasm): Engine | undefined {
  return engines.get(backend)
}

/** Compiles the kernels for this runtime and gives them the backend's memory. They end with the backend. */
export async function startEngine(backend: BackendWasm, options: EngineOptions): Promise<Engine> {
  const memory = memoryOf(backend)
  const instructions = options.instructions ?? (supportsRelaxedSimd() ? 'relaxed' : 'simd')
  const shared = typeof SharedArrayBuffer === 'function' && memory.buffer instanceof SharedArrayBuffer
  const module = await compiledKernels(instructions, shared)
  const instance = await WebAssembly.instantiate(module, { env: { memory } })
  const kernels = instance.exports as unknown as Kernels
  const threads = shared ? options.threads : 1
  const job = allocate(backend, 4 * jobWords)
  new Int32Array(memory.buffer, job, jobWords).fill(0)
  const workers: Worker[] = []
  stopWith(backend, memory, job, workers)
  for (let thread = 1; thread < threads; thread++)
    workers.push(options.startWorker({ module, memory, job, thread, failed: job / 4 + failedAt }))
  const area = new JobArea(memory, job)
  const rounds = new Rounds(kernels, area, job, options.patience ?? mostPatience)
  const scratch = { address: 0, bytes: 0 }
  const zeros = { address: 0, bytes: 0 }
  const engine: Engine = {
    kernels,
    instructions,
    threads,
    tileRows: instructions === 'relaxed' ? 6 : 4,
    weights: new PackedWeights(backend),
    run(job) {
      const needs = 'planned' in job ? job.planned : job
      if (!grow(backend, scratch, (needs.scratch ?? 0) * threads)) return false
      if (!grow(backend, zeros, 4 * (needs.zeros ?? 0), () => new Uint8Array(memory.buffer))) return false
      area.write(job, { scratch: scratch.address, zeros: zeros.address })
      rounds.run()
      return true
    },
  }
  engines.set(backend, engine)
  return engine
}

/** The memory that TensorFlow.js' module exports, or was given where threads share it. */
function memoryOf(backend: BackendWasm): WebAssembly.Memory {
  const { asm = {}, wasmMemory } = backend.wasm as unknown as { asm?: object; wasmMemory?: unknown }
  const memory = [wasmMemory, ...Object.values(asm)].find((value) => value instanceof WebAssembly.Memory)
  if (memory !== undefined) return memory
  throw new CnnkitError(
    'backend-wasm',
    'MODULE_NOT_FOUND',
    "This version of @tensorflow/tfjs-backend-wasm does not show its memory. Use 4.22, or wasm({ kernels: 'stock' }).",
  )
}

/** Makes room for so many bytes, zeros where a view is given; what was there is lost. */
function grow(
  backend: BackendWasm,
  room: { address: number; bytes: number },
  bytes: number,
  view?: () => Uint8Array,
): boolean {
  if (room.bytes >= bytes) return true
  if (room.address !== 0) release(backend, room.address)
  room.address = allocate(backend, bytes)
  room.bytes = room.address === 0 ? 0 : bytes
  if (room.address !== 0) view?.().fill(0, room.address, room.address + bytes)
  return room.address !== 0
}

function stopWith(backend: BackendWasm, memory: WebAssembly.Memory, job: number, workers: readonly Worker[]): void {
  const { dispose } = backend
  backend.dispose = () => {
    engines.delete(backend)
    const words = new Int32Array(memory.buffer)
    Atomics.store(words, job / 4 + roundAt, -1)
    if (workers.length > 0) Atomics.notify(words, job / 4 + roundAt)
    for (const worker of workers) worker.end()
    dispose.call(backend)
  }
}
