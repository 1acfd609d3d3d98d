import { CnnkitError } from '@cnnkit/errors'
import { type BackendDriver, type BackendReport, correctAvgPoolGrad, installGradients } from '@cnnkit/kernels'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import {
  engine,
  findBackendFactory,
  getBackend,
  registerBackend,
  removeBackend,
  setBackend,
} from '@tensorflow/tfjs-core'
import { adapterOf, deviceOf } from './device/adapter.ts'
import { describe } from './device/describe.ts'
import { guard, guardOf } from './device/guard.ts'
import { registerKernels, unregisterKernels } from './kernels/register.ts'
import type { LostDevice, WebgpuOptions } from './options.ts'
import type { Platform } from './start/platform.ts'

const name = 'webgpu'
/** As TensorFlow.js ranks it: above all others. */
const priority = 3

interface Running {
  readonly backend: WebGPUBackend
  readonly report: BackendReport
  /** What was asked for, by which a second start knows the first. */
  readonly options: string
  /** Of all starts that share the device. */
  readonly onLost: Set<(lost: LostDevice) => void>
}

let running: Running | undefined
let starting: Promise<unknown> = Promise.resolve()

/** The driver for a platform. Starts wait for one another, as they share the one backend `webgpu` of TensorFlow.js. */
export function driver(platform: Platform, options: WebgpuOptions): BackendDriver {
  return {
    name,
    probe: async () => {
      const found = await adapterFor(platform, options)
      return typeof found === 'string' ? found : undefined
    },
    start: () => {
      const started = starting.then(() => start(platform, options))
      starting = started.catch(() => undefined)
      return started
    },
  }
}

async function adapterFor(
  platform: Platform,
  options: WebgpuOptions,
): Promise<{ gpu: GPU; adapter: GPUAdapter } | string> {
  const gpu = await platform.gpu()
  if (typeof gpu === 'string') return gpu
  const adapter = await adapterOf(gpu, options, platform.remedy)
  return typeof adapter === 'string' ? adapter : { gpu, adapter }
}

async function start(platform: Platform, options: WebgpuOptions): Promise<BackendReport> {
  const current = (engine().registry as Record<string, WebGPUBackend>)[name]
  const asked = JSON.stringify([options.powerPreference ?? 'high-performance', options.software ?? 'refuse'])
  if (running !== undefined && current === running.backend && running.options === asked && isSound(current)) {
    await setBackend(name)
    if (options.onLost !== undefined) running.onLost.add(options.onLost)
    return running.report
  }
  assertUnused(current)
  const previous = getBackend() as string | undefined
  try {
    const next = await open(platform, options, asked)
    await replaceWith(next, previous)
    return next.report
  } catch (error) {
    if (error instanceof CnnkitError) throw error
    throw new CnnkitError('backend-webgpu', 'START_FAILED', `The webgpu backend did not start: ${wordsOf(error)}`, {
      cause: error,
    })
  }
}

/** Finds a GPU and makes a backend on it. Nothing is registered, so that nothing is left behind where it fails. */
async function open(platform: Platform, options: WebgpuOptions, asked: string): Promise<Running> {
  const found = await adapterFor(platform, options)
  if (typeof found === 'string') throw new CnnkitError('backend-webgpu', 'UNAVAILABLE', found)
  const { gpu, adapter } = found
  const { WebGPUBackend: Backend } = await loadTfjs()
  const device = await deviceOf(adapter)
  platform.hold(device)
  const backend = platform.withNavigator(gpu, () => new Backend(device, adapter.info))
  const onLost = new Set(options.onLost === undefined ? [] : [options.onLost])
  guard(backend, platform.syncReads, (lost) => {
    if (running?.backend !== backend) return
    for (const tell of onLost) tell(lost)
  })
  return { backend, report: describe(adapter, platform.runtime()), options: asked, onLost }
}

/** In a browser the package registers a backend as it loads. Ours takes its place, or nothing does. */
async function loadTfjs(): Promise<typeof import('@tensorflow/tfjs-backend-webgpu')> {
  const known = findBackendFactory(name) !== null
  const tfjs = await import('@tensorflow/tfjs-backend-webgpu')
  if (!known && findBackendFactory(name) !== null) removeBackend(name)
  return tfjs
}

async function replaceWith(next: Running, previous: string | undefined): Promise<void> {
  const replaced = running
  running = next
  let uninstall: (() => void) | undefined
  try {
    if (findBackendFactory(name) !== null) removeBackend(name)
    replaced?.backend.device.destroy()
    registerBackend(name, () => next.backend, priority)
    registerKernels()
    correctAvgPoolGrad(name)
    uninstall = installGradients()
    if (!(await setBackend(name))) throw new Error('TensorFlow.js could not make the backend current')
  } catch (error) {
    running = undefined
    uninstall?.()
    unregisterKernels()
    if (findBackendFactory(name) !== null) removeBackend(name)
    next.backend.device.destroy()
    if (previous !== undefined && previous !== name) await setBackend(previous)
    throw error
  }
}

/** A backend with tensors in it cannot be replaced, as they would be lost, unless they are already. */
function assertUnused(backend: WebGPUBackend | undefined): void {
  const tensors = backend?.numDataIds() ?? 0
  if (backend === undefined || tensors === 0 || !isSound(backend)) return
  throw new CnnkitError(
    'backend-webgpu',
    'BACKEND_IN_USE',
    `The backend "webgpu" already runs, started otherwise, and holds ${tensors} tensors. Start it once, before any tensor is made.`,
  )
}

/** Whether the backend has its device and each result is to be trusted. */
function isSound(backend: WebGPUBackend): boolean {
  const guard = guardOf(backend)
  return guard?.lost === undefined && guard?.refused === undefined
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
