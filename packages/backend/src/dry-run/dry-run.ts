import { CnnkitError } from '@cnnkit/errors'
import {
  type DataId,
  engine,
  getBackend,
  getKernelsForBackend,
  KernelBackend,
  registerKernel,
  setBackend,
  type TensorInfo,
  unregisterKernel,
} from '@tensorflow/tfjs-core'
import type { Form, Rule } from './rule.ts'
import { shapeRules } from './shape-rules.ts'

/** A kernel as it was called, less the values. */
export interface KernelCall {
  /** As TensorFlow.js' registry knows it. */
  readonly kernel: string
  readonly inputs: Readonly<Record<string, Form>>
  readonly attributes: Readonly<Record<string, unknown>>
}

/** What a dry run came upon. */
export interface DryRun {
  /** In the order in which they were called. */
  readonly calls: readonly KernelCall[]
  /** Kernels that the backend does not have, each once. */
  readonly missing: readonly string[]
}

/** Kernels of this house, which bring a form composed of others for backends that have none of their own. */
export const composable: ReadonlySet<string> = new Set([
  ...[
    'BatchNormTraining',
    'BatchNormTrainingGrad',
    'FusedConv2DAdd',
    'FusedGroupedConv2D',
    'ScaleShift',
    'LRN',
    'LRNGrad',
    'MovingAverage',
  ],
  ...['ReluGrad', 'Relu6Grad', 'ClipByValueGrad', 'SgdUpdate', 'AdamUpdate', 'RmsPropUpdate'],
])

/**
 * Runs something without its arithmetic, in place of the current backend: every kernel gives a tensor of the right shape and of no values.
 * A whole network takes a tenth of a second and no memory. What is run must be synchronous and must not look at values.
 *
 * For that time TensorFlow.js' registry holds such kernels under the backend's name, all those that the backend has and those that it lacks; a
 * kernel of this house that it lacks, or that there is no rule for, runs its composed form. Then all is as before; weights that were written to
 * are the caller's to restore.
 *
 * @throws what is run throws; see {@link unknownKernel}
 */
export function dryRun(run: () => void): DryRun {
  const backendName = getBackend()
  const real = engine().registry[backendName]!
  const kernels = getKernelsForBackend(backendName)
  const own = new Set(kernels.map(({ kernelName }) => kernelName))
  const calls: KernelCall[] = []
  const fake = (kernelName: string, rule: Rule): void =>
    registerKernel({
      kernelName,
      backendName,
      kernelFunc: ({ inputs, attrs = {} }) => {
        const given = Object.entries(inputs).filter((entry): entry is [string, TensorInfo] => entry[1] != null)
        const call = { inputs: Object.fromEntries(given), attributes: attrs as KernelCall['attributes'] }
        calls.push({ kernel: kernelName, inputs: formsOf(call.inputs), attributes: call.attributes })
        const made = rule(call)
        return Array.isArray(made) ? made.map(empty) : empty(made)
      },
    })
  for (const { kernelName } of kernels) unregisterKernel(kernelName, backendName)
  try {
    for (const [name, rule] of Object.entries(shapeRules)) if (own.has(name) || !composable.has(name)) fake(name, rule)
    swap(backendName, new Valueless())
    engine().tidy(run)
  } finally {
    forgetTape()
    for (const { kernelName } of getKernelsForBackend(backendName)) unregisterKernel(kernelName, backendName)
    kernels.forEach(registerKernel)
    swap(backendName, real)
  }
  const called = new Set(calls.map(({ kernel }) => kernel))
  return { calls, missing: [...called].filter((name) => !own.has(name)) }
}

/** For a backend that is there, `setBackend` has done its work when it returns. */
function swap(backendName: string, backend: KernelBackend): void {
  engine().registry[backendName] = backend
  void setBackend(backendName)
}

/** A gradient that fails leaves the tensors that it saved. */
function forgetTape(): void {
  const { state } = engine()
  if (state.gradientDepth > 0) return
  for (const { saved = [] } of state.activeTape ?? []) for (const tensor of saved) tensor.dispose()
  state.activeTape = []
}

/** What TensorFlow.js says of a kernel that there is no rule for, in our words; any other error as it is. */
export function unknownKernel(error: Error): Error {
  const [, name] = /Kernel '(\w+)' not registered/.exec(error.message) ?? []
  if (name === undefined) return error
  const message = `It is not known here what the kernel "${name}" gives. Run the network once on a small batch in place of asking.`
  return new CnnkitError('backend', 'UNKNOWN_KERNEL', message, { cause: error })
}

function formsOf(inputs: Readonly<Record<string, TensorInfo>>): Record<string, Form> {
  return Object.fromEntries(Object.entries(inputs).map(([name, { shape, dtype }]) => [name, { shape, dtype }]))
}

function empty({ shape, dtype }: Form): TensorInfo {
  return { dataId: {}, shape: [...shape], dtype }
}

/** Holds no values, and counts who holds a tensor, as TensorFlow.js asks of a backend. */
class Valueless extends KernelBackend {
  readonly #holders = new WeakMap<DataId, number>()

  override write(): DataId {
    return {}
  }
  override refCount(dataId: DataId): number {
    return this.#holders.get(dataId) ?? 1
  }
  override incRef(dataId: DataId): void {
    this.#holders.set(dataId, this.refCount(dataId) + 1)
  }
  override disposeData(dataId: DataId): boolean {
    this.#holders.set(dataId, this.refCount(dataId) - 1)
    return this.refCount(dataId) <= 0
  }
  override numDataIds(): number {
    return 0
  }
  override floatPrecision(): 16 | 32 {
    return 32
  }
  override epsilon(): number {
    return 1e-7
  }
  override readSync(): never {
    throw new CnnkitError(
      'backend',
      'NO_VALUES',
      'A layer of this network looks at values as it runs, which a dry run does not have. Run the network once on a small batch in place of asking.',
    )
  }
  override async read(): Promise<never> {
    return this.readSync()
  }
  override dispose(): void {}
}
