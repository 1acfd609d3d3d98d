import { CnnkitError } from '@cnnkit/errors'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import type { LostDevice } from '../options.ts'
import { lostError, refusedError } from './messages.ts'

/** What a guarded backend knows of its device. */
export interface Guard {
  /** Set once the device is lost. */
  lost: LostDevice | undefined
  /** The first error that no call told of. */
  refused: CnnkitError | undefined
}

const guards = new WeakMap<WebGPUBackend, Guard>()

/** The guard of a backend that {@link guard} was given. */
export function guardOf(backend: WebGPUBackend): Guard | undefined {
  return guards.get(backend)
}

/**
 * Makes a backend say what WebGPU keeps silent about: once the device is lost, or has refused an operation or memory, the next
 * kernel or read throws. Stock TensorFlow.js goes on and returns zeros, or rejects without a word.
 *
 * @param syncReads whether tensors can be read at once, which takes a canvas
 */
export function guard(backend: WebGPUBackend, syncReads: boolean, onLost: (lost: LostDevice) => void): void {
  const state: Guard = { lost: undefined, refused: undefined }
  guards.set(backend, state)
  const { device } = backend
  const gone = device.lost.then(({ reason, message }) => {
    state.lost = { reason: reason === 'destroyed' ? 'destroyed' : 'unknown', message }
    onLost(state.lost)
  })
  device.addEventListener('uncapturederror', (event) => {
    event.preventDefault()
    const { error } = event as GPUUncapturedErrorEvent
    state.refused ??= refusedError(error.constructor.name, error.message)
  })
  guardKernels(backend, state)
  guardReads(backend, state, gone)
  if (!syncReads) refuseSyncReads(backend, state)
}

function guardKernels(backend: WebGPUBackend, state: Guard): void {
  const run = backend.runWebGPUProgram.bind(backend)
  backend.runWebGPUProgram = (...call) => {
    if (state.lost !== undefined) throw lostError(state.lost)
    return run(...call)
  }
}

function guardReads(backend: WebGPUBackend, state: Guard, gone: Promise<void>): void {
  const read = backend.read.bind(backend)
  backend.read = async (dataId) => {
    if (isHere(backend, dataId)) return read(dataId)
    if (state.lost !== undefined) throw lostError(state.lost)
    try {
      const values = await read(dataId)
      if (state.refused !== undefined) throw state.refused
      return values
    } catch (error) {
      // A read that was under way is rejected before the loss is told.
      await Promise.race([gone, new Promise((soon) => setTimeout(soon, 100))])
      throw state.lost === undefined ? (state.refused ?? error) : lostError(state.lost)
    }
  }
}

function refuseSyncReads(backend: WebGPUBackend, state: Guard): void {
  const read = backend.readSync.bind(backend)
  backend.readSync = (dataId) => {
    if (isHere(backend, dataId)) return read(dataId)
    if (state.lost !== undefined) throw lostError(state.lost)
    throw new CnnkitError(
      'backend-webgpu',
      'SYNC_READ',
      'A tensor on the GPU cannot be read at once in Node (dataSync, arraySync, or use on another backend). Await data() or array().',
    )
  }
}

/** Whether the values lie in memory, so that no GPU is asked for them. */
function isHere(backend: WebGPUBackend, dataId: object): boolean {
  const { values, dtype } = backend.tensorMap.get(dataId)
  return (values !== null && values !== undefined) || dtype === 'string'
}
