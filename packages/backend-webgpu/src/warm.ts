import { CnnkitError } from '@cnnkit/errors'
import { adamUpdate, rmsPropUpdate, sgdUpdate } from '@cnnkit/kernels'
import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu'
import {
  clone,
  engine,
  env,
  getBackend,
  mean,
  square,
  type Tensor,
  tidy,
  type Variable,
  variableGrads,
  zeros,
} from '@tensorflow/tfjs-core'
import { refusedError } from './device/messages.ts'

/** An input of a {@link WarmModel}. */
export interface WarmInput {
  /** `[batch, height, width, channels]`, with null where any will do. */
  readonly shape: readonly (number | null)[]
}

/** A model as {@link warm} needs it: a `tf.LayersModel` is one. */
export interface WarmModel {
  /** What goes in. */
  readonly inputs: readonly WarmInput[]
  /** Runs it, in training or not. */
  apply(inputs: Tensor | Tensor[], options?: { readonly training?: boolean }): unknown
}

/** Options of {@link warm}. */
export interface WarmOptions {
  /** Pictures in a batch, 1 unless given: shaders are chosen by sizes, so take the batch that will run. */
  readonly batch?: number
  /** Height and width in pixels, for a model that takes any. */
  readonly size?: readonly [height: number, width: number]
  /** Whether to compile what a training step takes too: the pass in training, gradients of all that can be trained, the optimizers' steps. */
  readonly training?: boolean
}

/** What {@link warm} did. */
export interface WarmUp {
  /** How many shaders it compiled; those that were compiled before do not count. */
  readonly shaders: number
  /** How many the backend now has. */
  readonly allShaders: number
  /** How long it took. */
  readonly milliseconds: number
}

/**
 * Compiles the shaders of a model, all at once and beside one another, before its first pass would, one after the other. Nothing is
 * computed and no weight changes. Await it before anything else runs on the backend.
 *
 * ```ts
 * const { shaders, milliseconds } = await warm(model, { batch: 16, training: true })
 * ```
 *
 * @param work a model, or a function that runs whatever is to be warmed: it may compute, but not read values nor take a step of an optimizer
 * @throws `NOT_CURRENT` where another backend is current, `UNKNOWN_SIZE` where the model takes any size and none is given, `GPU_ERROR`
 * where a shader does not compile
 */
export async function warm(work: WarmModel | (() => unknown), options: WarmOptions = {}): Promise<WarmUp> {
  if (getBackend() !== 'webgpu') {
    throw new CnnkitError(
      'backend-webgpu',
      'NOT_CURRENT',
      `warm compiles shaders, but the backend that runs is "${getBackend()}". Await webgpu().start() first.`,
    )
  }
  const backend = engine().backend as WebGPUBackend
  const { pipelineCache } = backend as unknown as { pipelineCache: Record<string, unknown> }
  const before = Object.keys(pipelineCache).length
  const started = performance.now()
  const run = typeof work === 'function' ? work : () => runModel(work, options)
  compileOnly(run)
  try {
    await backend.checkCompileCompletionAsync()
  } catch (error) {
    for (const [key, pipeline] of Object.entries(pipelineCache)) {
      if (pipeline instanceof Promise) delete pipelineCache[key]
    }
    throw refusedError('GPUPipelineError', error instanceof Error ? error.message : String(error))
  }
  const allShaders = Object.keys(pipelineCache).length
  return { shaders: allShaders - before, allShaders, milliseconds: performance.now() - started }
}

/** Runs without computing: what would be written to variables, moving statistics for one, is put back. */
function compileOnly(run: () => unknown): void {
  const variables = Object.values(engine().registeredVariables as Record<string, Variable>)
  const kept = variables.map((variable) => clone(variable as Tensor))
  env().set('WEBGPU_ENGINE_COMPILE_ONLY', true)
  try {
    tidy(() => void run())
  } finally {
    env().set('WEBGPU_ENGINE_COMPILE_ONLY', false)
    variables.forEach((variable, i) => {
      if (variable.dataId !== kept[i]!.dataId) variable.assign(kept[i]!)
      kept[i]!.dispose()
    })
  }
}

function runModel(model: WarmModel, { batch = 1, size, training = false }: WarmOptions): void {
  const pictures = model.inputs.map(({ shape }) => zeros(shapeOf(shape, batch, size)))
  const inputs = pictures.length === 1 ? pictures[0]! : pictures
  if (!training) {
    model.apply(inputs, { training: false })
    return
  }
  variableGrads(() => {
    const outputs = [model.apply(inputs, { training: true }) as Tensor | Tensor[]].flat()
    return mean(square(outputs[0]!))
  })
  runUpdates()
}

function shapeOf(shape: readonly (number | null)[], batch: number, size: WarmOptions['size']): number[] {
  const sides = [batch, ...(size ?? [])]
  return shape.map((side, axis) => {
    const given = side ?? sides[axis]
    if (given !== undefined) return given
    throw new CnnkitError(
      'backend-webgpu',
      'UNKNOWN_SIZE',
      `The model takes pictures of any size, [${shape.join(', ')}]. Say which: warm(model, { size: [224, 224] }).`,
    )
  })
}

function runUpdates(): void {
  const [weight, gradient, moment, square] = [0, 1, 2, 3].map(() => zeros([1])) as [Tensor, Tensor, Tensor, Tensor]
  const common = { pull: 1, coupled: 0, kept: 1 }
  sgdUpdate({ weight, gradient, velocity: moment }, { ...common, momentum: 0, gain: 1, nesterov: false })
  adamUpdate({ weight, gradient, mean: moment, square }, { ...common, beta1: 0, beta2: 0, epsilon: 1 })
  const rms = { ...common, rho: 0, momentum: 0, gain: 1, epsilon: 1, epsilonInside: false }
  rmsPropUpdate({ weight, gradient, square }, rms)
  rmsPropUpdate({ weight, gradient, square, velocity: moment }, rms)
}
