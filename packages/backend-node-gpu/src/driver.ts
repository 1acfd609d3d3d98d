import { CnnkitError, isCnnkitError } from '@cnnkit/errors'
import type { BackendDriver, BackendReport } from '@cnnkit/kernels'
import { findBackend, findBackendFactory, getBackend, setBackend } from '@tensorflow/tfjs-core'
import { noDevice, whyNoCuda } from './device/cuda.ts'
import { describe } from './device/report.ts'
import { failure, messageOf } from './error.ts'
import { registerKernels, unregisterKernels } from './kernels/register.ts'
import { enlist, load, type NodeBackend, withdraw } from './load.ts'
import { type Located, locateAll, missingIn } from './locate.ts'
import { mendKernels, unmendKernels } from './missing-kernels/register.ts'
import type { NodeGpuOptions } from './options.ts'

const name = 'tensorflow'
const remedy = 'Run: npx @cnnkit/backend-node-gpu install (with --cpu where there is no NVIDIA card).'

let starting: Promise<unknown> = Promise.resolve()

/**
 * TensorFlow.js on TensorFlow's own library, through `@tensorflow/tfjs-node-gpu` or `@tensorflow/tfjs-node`, whichever is installed:
 * on a CUDA device where there is one, else on the CPU. The report says which.
 *
 * `npx @cnnkit/backend-node-gpu install` brings the package, the library and the binding between them.
 *
 * @returns a driver whose `start` throws `NOT_INSTALLED` where a part is missing, `NO_GPU` where `requireGpu` is set and there is none,
 * `START_FAILED` where the library does not load
 */
export function nodeGpu(options: NodeGpuOptions = {}): BackendDriver {
  return {
    name,
    probe: async () => probe(options),
    start: () => {
      const started = starting.then(() => start(options))
      starting = started.catch(() => undefined)
      return started
    },
  }
}

function probe({ requireGpu }: NodeGpuOptions): string | undefined {
  const chosen = choose()
  if (typeof chosen === 'string') return chosen
  return requireGpu ? noDevice() : undefined
}

/** The package to run, or why there is none, with what to do. */
function choose(): Located | string {
  const located = locateAll()
  const complete = located.find((one) => missingIn(one) === undefined)
  if (complete !== undefined) return complete
  const [first] = located
  if (first === undefined)
    return `Neither @tensorflow/tfjs-node-gpu nor @tensorflow/tfjs-node is installed here. ${remedy}`
  return `${first.name} is there, but ${missingIn(first)}. ${remedy}`
}

async function start({ requireGpu }: NodeGpuOptions): Promise<BackendReport> {
  const chosen = choose()
  if (typeof chosen === 'string') throw failure('NOT_INSTALLED', chosen)
  const before = getBackend() as string | undefined
  const known = findBackendFactory(name) !== null
  try {
    load(chosen)
    enlist()
    mendKernels()
    registerKernels()
    if (!(await setBackend(name))) throw new Error('TensorFlow.js could not make the backend current.')
    const backend = findBackend(name) as unknown as NodeBackend
    if (requireGpu && !backend.isUsingGpuDevice) {
      throw failure('NO_GPU', `requireGpu is set, and TensorFlow uses no CUDA device: ${await whyNoCuda(chosen)}`)
    }
    return await describe(chosen, backend)
  } catch (error) {
    if (!known) {
      unregisterKernels()
      unmendKernels()
      withdraw()
    }
    if (before !== undefined && before !== name) await setBackend(before)
    if (error instanceof CnnkitError || isCnnkitError(error)) throw error
    throw failure('START_FAILED', `${chosen.name} ${chosen.version} did not start: ${messageOf(error)}`, error)
  }
}
