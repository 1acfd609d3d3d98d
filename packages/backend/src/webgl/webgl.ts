import { CnnkitError } from '@cnnkit/errors'
import { type BackendDriver, type BackendReport, correctAvgPoolGrad, installGradients } from '@cnnkit/kernels'
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl'
import {
  engine,
  env,
  findBackendFactory,
  getBackend,
  registerBackend,
  removeBackend,
  setBackend,
} from '@tensorflow/tfjs-core'
import { closeContext, openContext } from './context.ts'
import { guard, isSound } from './guard.ts'
import { missingPeer } from './messages.ts'
import type { LostContext, WebglOptions } from './options.ts'
import { reportOf } from './report.ts'

const name = 'webgl'
/** As TensorFlow.js ranks it: above `wasm`, below `webgpu`. */
const priority = 2

interface Running {
  readonly backend: MathBackendWebGL
  readonly gl: WebGL2RenderingContext
  readonly report: BackendReport
  /** What was asked for, by which a second start knows the first. */
  readonly options: string
  /** Of all starts that share the context. */
  readonly onLost: Set<(lost: LostContext) => void>
}

let running: Running | undefined
let starting: Promise<unknown> = Promise.resolve()

/**
 * TensorFlow.js' own backend on WebGL 2, for browsers that have no WebGPU. It needs the package `@tensorflow/tfjs-backend-webgl`.
 *
 * Kernels and reads throw `DEVICE_LOST` once the context is gone, and reads `OUT_OF_MEMORY` once the GPU had no room for a texture;
 * after either `start` begins anew.
 *
 * @returns a driver whose `start` throws `UNAVAILABLE` where there is no WebGL 2 or only the CPU draws, `MISSING_PEER` where the package is
 * not installed, `BACKEND_IN_USE` where tensors live on a backend `webgl` that was started otherwise, `START_FAILED` for all else
 */
export function webgl(options: WebglOptions = {}): BackendDriver {
  return {
    name,
    probe: async () => {
      const found = openContext(options)
      if (typeof found === 'string') return found
      closeContext(found)
      return undefined
    },
    start: () => {
      const started = starting.then(() => start(options))
      starting = started.catch(() => undefined)
      return started
    },
  }
}

async function start(options: WebglOptions): Promise<BackendReport> {
  const current = (engine().registry as Record<string, MathBackendWebGL>)[name]
  const asked = JSON.stringify([options.powerPreference ?? 'high-performance', options.software ?? 'refuse'])
  if (running !== undefined && current === running.backend && running.options === asked && isSound(current)) {
    await setBackend(name)
    if (options.onLost !== undefined) running.onLost.add(options.onLost)
    return running.report
  }
  assertUnused(current)
  const previous = getBackend() as string | undefined
  const gl = openContext(options)
  if (typeof gl === 'string') throw new CnnkitError('backend', 'UNAVAILABLE', gl)
  try {
    const next = await open(gl, options, asked)
    await replaceWith(next)
    return next.report
  } catch (error) {
    closeContext(gl)
    if (findBackendFactory(name) !== null && running === undefined) removeBackend(name)
    if (previous !== undefined && findBackendFactory(previous) !== null) await setBackend(previous)
    throw asError(error)
  }
}

/** Makes a backend on a context, without registering it. */
async function open(gl: WebGL2RenderingContext, options: WebglOptions, asked: string): Promise<Running> {
  const { MathBackendWebGL: Backend, GPGPUContext, setWebGLContext, version_webgl } = await loadTfjs()
  // Or TensorFlow.js would look for a context itself, one that the CPU may not draw.
  setWebGLContext(2, gl)
  const backend = new Backend(new GPGPUContext(gl))
  const onLost = new Set(options.onLost === undefined ? [] : [options.onLost])
  guard(backend, gl, (lost) => {
    if (running?.backend !== backend) return
    for (const tell of onLost) tell(lost)
  })
  const precision = env().getBool('WEBGL_RENDER_FLOAT32_ENABLED') ? 32 : 16
  return { backend, gl, report: reportOf(gl, version_webgl, precision), options: asked, onLost }
}

/** The package registers a backend as it loads. Ours takes its place, or nothing does. */
async function loadTfjs(): Promise<typeof import('@tensorflow/tfjs-backend-webgl')> {
  const known = findBackendFactory(name) !== null
  try {
    return await import('@tensorflow/tfjs-backend-webgl')
  } catch (error) {
    throw missingPeer(error)
  } finally {
    if (!known && findBackendFactory(name) !== null) removeBackend(name)
  }
}

async function replaceWith(next: Running): Promise<void> {
  const replaced = running
  running = undefined
  if (findBackendFactory(name) !== null) removeBackend(name)
  if (replaced !== undefined) closeContext(replaced.gl)
  registerBackend(name, () => next.backend, priority)
  correctAvgPoolGrad(name)
  installGradients()
  if (!(await setBackend(name))) throw new Error('TensorFlow.js could not make the backend current')
  running = next
}

/** A backend with tensors in it cannot be replaced, as they would be lost, unless they are already. */
function assertUnused(backend: MathBackendWebGL | undefined): void {
  const tensors = backend?.numDataIds() ?? 0
  if (backend === undefined || tensors === 0 || !isSound(backend)) return
  throw new CnnkitError(
    'backend',
    'BACKEND_IN_USE',
    `The backend "webgl" already runs, started otherwise, and holds ${tensors} tensors. Start it once, before any tensor is made.`,
  )
}

function asError(error: unknown): CnnkitError {
  if (error instanceof CnnkitError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new CnnkitError('backend', 'START_FAILED', `The webgl backend did not start: ${message}`, { cause: error })
}
