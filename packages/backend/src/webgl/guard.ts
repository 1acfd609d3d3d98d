import type { CnnkitError } from '@cnnkit/errors'
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl'
import { lostError, memoryError } from './messages.ts'
import type { LostContext } from './options.ts'

/** What a guarded backend knows of its context. */
interface Guard {
  /** Why no result is to be had any more. */
  failed: CnnkitError | undefined
}

const guards = new WeakMap<MathBackendWebGL, Guard>()

/** Whether the backend has its context, and each result is to be trusted. */
export function isSound(backend: MathBackendWebGL): boolean {
  return guards.get(backend)?.failed === undefined
}

/**
 * Makes a backend say what WebGL keeps silent about: once the context is lost, or memory has run out, the next kernel or read throws. Stock
 * TensorFlow.js goes on with zeros, and a read that waits for a lost GPU waits for ever.
 */
export function guard(
  backend: MathBackendWebGL,
  gl: WebGL2RenderingContext,
  onLost: (lost: LostContext) => void,
): void {
  const state: Guard = { failed: undefined }
  guards.set(backend, state)
  const gone = new Promise<void>((resolve) => {
    gl.canvas.addEventListener('webglcontextlost', (event) => {
      const message = (event as WebGLContextEvent).statusMessage ?? ''
      const lost: LostContext = { reason: message.includes('loseContext') ? 'destroyed' : 'unknown', message }
      state.failed = lostError(lost)
      onLost(lost)
      resolve()
    })
  })
  const check = (): void => {
    if (state.failed === undefined && gl.getError() === gl.OUT_OF_MEMORY) state.failed = memoryError()
    if (state.failed !== undefined) throw state.failed
  }
  const { read, readSync, runWebGLProgram } = backend
  backend.runWebGLProgram = (...call) => {
    if (state.failed !== undefined) throw state.failed
    return runWebGLProgram.apply(backend, call)
  }
  backend.readSync = (dataId) => {
    if (isHere(backend, dataId)) return readSync.call(backend, dataId)
    const values = readSync.call(backend, dataId)
    check()
    return values
  }
  backend.read = async (dataId) => {
    if (isHere(backend, dataId)) return read.call(backend, dataId)
    if (state.failed !== undefined) throw state.failed
    const values = await Promise.race([read.call(backend, dataId), gone])
    check()
    return values!
  }
}

/** Whether the values lie in memory, so that no GPU is asked for them. */
function isHere(backend: MathBackendWebGL, dataId: object): boolean {
  const { values, dtype } = backend.texData.get(dataId)
  return (values !== null && values !== undefined) || dtype === 'string'
}
