import { CnnkitError } from '@cnnkit/errors'
import {
  add,
  getBackend,
  getKernel,
  grad,
  mean,
  type Tensor,
  type Variable,
  variableGrads,
  zeros,
} from '@tensorflow/tfjs-core'
import { aroundMap, aroundTraining } from './around-network.ts'
import { composable, dryRun, unknownKernel } from './dry-run/dry-run.ts'

/** A weight, as layers hold it. */
export interface WeightLike {
  /** Its present value, TensorFlow.js' variable. */
  read(): Tensor
  /** Gives it another value. */
  write(value: Tensor): unknown
}

/** What is asked of a network: a `tf.LayersModel` is one. */
export interface NetworkLike {
  /** What it takes; `null` stands for any size. */
  readonly inputs: readonly {
    /** With the batch. */
    readonly shape: readonly (number | null)[]
  }[]
  /** All of its weights. */
  readonly weights: readonly WeightLike[]
  /** Those that training moves, as the freeze policy has them now. */
  readonly trainableWeights: readonly WeightLike[]
  /** Runs it on tensors. */
  apply(inputs: never, options?: never): unknown
}

/** What {@link canTrain} found. */
export interface Trainability {
  /** The backend that was asked, the current one. */
  readonly backend: string
  /** Whether it has every kernel of a forward pass. */
  readonly infer: boolean
  /** Whether it has every kernel of a training step: forward in training, back to all trainable weights, loss and optimizer. */
  readonly train: boolean
  /** Whether it has every kernel of class activation maps: forward, and back as far as the picture. */
  readonly map: boolean
  /** The kernels it lacks for any of the three, as TensorFlow.js names them. */
  readonly missing: readonly string[]
  /** What else stands in the way, in words: an operation without a gradient, nothing to train. */
  readonly reasons: readonly string[]
  /** All that it needs for each, had or not. */
  readonly needs: Readonly<Record<'infer' | 'train' | 'map', readonly string[]>>
}

/**
 * Says beforehand whether the current backend has all that a network needs to run, to train and to be mapped. Each of the three is gone
 * through once at full size without its arithmetic, in less than a second and no memory; the network is as before.
 *
 * Whether kernels are right is not asked: `selfTest` does that, and the suite in `conformance/`. Kernels of this house that the backend has no
 * form of its own for count as the operations that they are composed of. A network's fused form is a network of its own: `canTrain(fuse(model))`.
 *
 * ```ts
 * const { train, missing } = canTrain(model)
 * if (!train) console.log(`This backend lacks ${missing.join(', ')}.`)
 * ```
 *
 * @throws `NO_VALUES` where a layer looks at values as it runs, `UNKNOWN_KERNEL` where one runs a kernel that TensorFlow.js does not know by name
 */
export function canTrain(model: NetworkLike): Trainability {
  const [infer, train, map] = keepingWeights(model, () => [
    trace(() => run(model, false)),
    trace(() => trainingStep(model), aroundTraining),
    trace(() => pictureGradient(model), aroundMap),
  ])
  const all = [infer!, train!, map!]
  return {
    backend: getBackend(),
    infer: able(infer!),
    train: able(train!),
    map: able(map!),
    missing: [...new Set(all.flatMap(({ missing }) => missing))].sort(),
    reasons: [...new Set(all.flatMap(({ reason }) => reason ?? []))],
    needs: { infer: infer!.needs, train: train!.needs, map: map!.needs },
  }
}

interface Trace {
  readonly needs: readonly string[]
  readonly missing: readonly string[]
  readonly reason?: string
}

const able = ({ missing, reason }: Trace): boolean => missing.length === 0 && reason === undefined

/** Goes through something; what stops it on the way is a reason, unless the kernels do not suffice to tell. */
function trace(step: () => void, around: readonly string[] = []): Trace {
  let reason: string | undefined
  const { calls, missing } = dryRun(() => {
    try {
      step()
    } catch (error) {
      const known = unknownKernel(error instanceof Error ? error : new Error(String(error)))
      if (known instanceof CnnkitError) throw known
      reason = known.message
    }
  })
  const lacking = around.filter((name) => !composable.has(name) && getKernel(name, getBackend()) === undefined)
  return {
    needs: [...new Set([...calls.map(({ kernel }) => kernel), ...around])].sort(),
    missing: [...new Set([...missing, ...lacking])],
    ...(reason !== undefined && { reason }),
  }
}

/** Two pictures: with one, some layers take a shorter way. */
const batch = 2
/** For networks that take any size. */
const side = 224

function run(model: NetworkLike, training: boolean, given?: Tensor): Tensor {
  const inputs = model.inputs.map(({ shape }) => zeros([batch, ...shape.slice(1).map((value) => value ?? side)]))
  if (given !== undefined) inputs[0] = given
  const outputs = model.apply((inputs.length === 1 ? inputs[0] : inputs) as never, { training } as never)
  return [outputs as Tensor | Tensor[]]
    .flat()
    .map((output) => mean(output))
    .reduce(add)
}

function trainingStep(model: NetworkLike): void {
  const weights = model.trainableWeights.map((weight) => weight.read() as Variable)
  if (weights.length === 0) throw new Error('The network has no trainable weights.')
  variableGrads(() => run(model, true) as never, weights)
}

function pictureGradient(model: NetworkLike): void {
  const shape = model.inputs[0]!.shape.slice(1).map((value) => value ?? side)
  grad((picture: Tensor) => run(model, false, picture))(zeros([batch, ...shape]))
}

/** Norms write to their statistics as they run in training: puts back what was there. */
function keepingWeights<Result>({ weights }: NetworkLike, ask: () => Result): Result {
  const kept = weights.map((weight) => ({ weight, value: weight.read().clone() }))
  try {
    return ask()
  } finally {
    for (const { weight, value } of kept) {
      if (weight.read().dataId !== value.dataId) weight.write(value)
      value.dispose()
    }
  }
}
