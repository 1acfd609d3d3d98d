import { createRequire } from 'node:module'
import path from 'node:path'
import {
  findBackendFactory,
  getKernel,
  getKernelsForBackend,
  type KernelConfig,
  registerBackend,
  registerKernel,
  removeBackend,
  unregisterKernel,
} from '@tensorflow/tfjs-core'
import type { Located } from './locate.ts'
import { restoreRemovedFunctions } from './removed-functions.ts'

/** What we read of TensorFlow.js' backend for Node. */
export interface NodeBackend {
  /** Whether TensorFlow gave it a CUDA device. */
  readonly isUsingGpuDevice: boolean
  readonly binding: {
    /** Of the library: `2.21.0`. */
    readonly TF_Version: string
  }
  /** How many tensors it holds. */
  numDataIds(): number
}

/** What the package registered as it was loaded: it does so once a process. */
interface Loaded {
  readonly factory: () => never
  readonly kernels: readonly KernelConfig[]
}

const name = 'tensorflow'
/** As TensorFlow.js ranks it: above all others. */
const priority = 3

let loaded: Loaded | undefined

/**
 * Loads the package, which registers its backend and kernels and makes the backend current. What is loaded stays so until the process ends.
 *
 * @throws whatever the package throws; its kernels are unregistered then, and it can be tried again
 */
export function load(located: Located): void {
  if (loaded !== undefined) return
  restoreRemovedFunctions()
  // Else TensorFlow tells on stderr which instructions it could use. Warnings and errors still come.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '1'
  const require = createRequire(path.join(located.folder, 'package.json'))
  try {
    require(located.folder)
    const factory = findBackendFactory(name) as Loaded['factory'] | null
    if (factory === null)
      throw new Error(`it registered no backend with the copy of @tensorflow/tfjs-core that runs here`)
    loaded = { factory, kernels: getKernelsForBackend(name) }
  } catch (error) {
    withdraw()
    for (const file of Object.keys(require.cache)) {
      if (file.startsWith(located.folder + path.sep)) delete require.cache[file]
    }
    throw error
  }
}

/** Registers again what was withdrawn. */
export function enlist(): void {
  if (loaded === undefined) return
  if (findBackendFactory(name) === null) registerBackend(name, loaded.factory, priority)
  for (const kernel of loaded.kernels) {
    if (getKernel(kernel.kernelName, name) === undefined) registerKernel(kernel)
  }
}

/** Takes the backend and its kernels out of TensorFlow.js' registry. */
export function withdraw(): void {
  if (findBackendFactory(name) !== null) removeBackend(name)
  for (const { kernelName } of getKernelsForBackend(name)) unregisterKernel(kernelName, name)
}
