import { CnnkitError } from '@cnnkit/errors'
import type { BackendDriver, BackendReport } from '@cnnkit/kernels'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import {
  engine,
  findBackendFactory,
  getBackend,
  registerBackend,
  removeBackend,
  setBackend,
} from '@tensorflow/tfjs-core'
import { engineOf, startEngine } from './engine/engine.ts'
import type { StartWorker } from './engine/worker.ts'
import { registerGradients, unregisterGradients } from './gradients/clip.ts'
import { registerKernels, unregisterKernels } from './kernels/register.ts'
import { guardHeap } from './memory/heap.ts'
import type { WasmOptions } from './options.ts'

/** A module that runs, and what it runs on. */
export interface Opened {
  readonly backend: BackendWasm
  readonly report: BackendReport
}

/** What differs between Node and browsers. */
export interface Platform {
  /** Why wasm cannot run here; nothing where it can. */
  probe(): string | undefined
  /** Loads `@tensorflow/tfjs-backend-wasm` and makes a backend, without registering it. */
  open(options: WasmOptions): Promise<Opened>
  /** A thread for our own kernels. */
  readonly startWorker: StartWorker
}

const name = 'wasm'
/** As TensorFlow.js ranks it: above `cpu`, below `webgl`. */
const priority = 2

interface Running extends Opened {
  readonly options: string
}

let running: Running | undefined
let starting: Promise<unknown> = Promise.resolve()

/** The driver for a platform. Starts wait for one another, as they share the one backend `wasm` of TensorFlow.js. */
export function driver(platform: Platform, options: WasmOptions): BackendDriver {
  return {
    name,
    probe: async () => platform.probe(),
    start: () => {
      const started = starting.then(() => start(platform, options))
      starting = started.catch(() => undefined)
      return started
    },
  }
}

async function start(platform: Platform, options: WasmOptions): Promise<BackendReport> {
  const current = (engine().registry as Record<string, BackendWasm>)[name]
  const asked = JSON.stringify([options.threads ?? 'auto', options.wasmPaths, options.kernels])
  if (running !== undefined && current === running.backend && running.options === asked) {
    await setBackend(name)
    return running.report
  }
  assertUnused(current)
  const before = { backend: getBackend(), factory: findBackendFactory(name) }
  let made: BackendWasm | undefined
  try {
    const bare = await platform.open(options)
    made = bare.backend
    guardHeap(bare.backend, () => engineOf(bare.backend)?.weights.dropAll() ?? false)
    const opened = await withKernels(platform, bare, options.kernels ?? 'own')
    unregisterKernels()
    replaceBackend(() => opened.backend)
    registerKernels(opened.report.details.kernels !== 'stock')
    registerGradients()
    if (!(await setBackend(name))) throw new Error('TensorFlow.js could not make the backend current')
    running = { ...opened, options: asked }
    return opened.report
  } catch (error) {
    await restore(before, made)
    if (error instanceof CnnkitError) throw error
    throw new CnnkitError(
      'backend-wasm',
      'START_FAILED',
      `The wasm backend did not start: ${error instanceof Error ? error.message : String(error)}`,
      { cause: error },
    )
  }
}

/** Starts our own kernels where they are asked for, and says in the report which run. */
async function withKernels(platform: Platform, { backend, report }: Opened, kernels: 'own' | 'stock'): Promise<Opened> {
  const told = (kernels: string): Opened => ({
    backend,
    report: { ...report, details: { ...report.details, kernels } },
  })
  if (kernels === 'stock' || report.details.simd !== 'yes') return told('stock')
  const { startWorker } = platform
  const { instructions } = await startEngine(backend, { threads: report.threads ?? 1, startWorker })
  return told(instructions === 'relaxed' ? 'own, relaxed SIMD' : 'own, SIMD')
}

/** A backend with tensors in it cannot be replaced: they would be lost. */
function assertUnused(backend: BackendWasm | undefined): void {
  const tensors = backend?.numDataIds() ?? 0
  if (tensors === 0) return
  throw new CnnkitError(
    'backend-wasm',
    'BACKEND_IN_USE',
    `The backend "wasm" already runs, started otherwise, and holds ${tensors} tensors. Start it once, before any tensor is made.`,
  )
}

function replaceBackend(factory: (() => BackendWasm) | ReturnType<typeof findBackendFactory>): void {
  if (findBackendFactory(name) !== null) removeBackend(name)
  if (factory) registerBackend(name, factory as () => BackendWasm, priority)
}

async function restore(
  before: { backend: string | undefined; factory: ReturnType<typeof findBackendFactory> },
  made: BackendWasm | undefined,
): Promise<void> {
  unregisterKernels()
  unregisterGradients()
  running = undefined
  // TensorFlow.js disposes of it only once it was asked for.
  const registered = (engine().registry as Record<string, BackendWasm>)[name]
  replaceBackend(before.factory)
  if (made !== registered) made?.dispose()
  if (before.backend) await setBackend(before.backend)
}
