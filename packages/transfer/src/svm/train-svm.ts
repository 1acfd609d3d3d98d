// Fan et al. 2008, "LIBLINEAR", and Hsieh et al. 2008, "A dual coordinate descent method for large-scale linear SVM": the
// L2-loss (squared hinge), L2-regularised machine, one class against the rest.
import { CnnkitError } from '@cnnkit/errors'
import { random } from '@cnnkit/images'
import type { Embeddings } from '../embeddings/embeddings.ts'
import { solveMachine } from './solve-machine.ts'
import { standardization } from './standardization.ts'
import { sumsOf } from './sums.ts'

/** Options of {@link trainSvm}. */
export interface SvmOptions {
  /** What an error weighs against a wide margin; 1 unless given. */
  readonly c?: number
  /** Duality gap at which a machine is solved, as a share of its objective; 1e-4 unless given. */
  readonly tolerance?: number
  /** Passes over the data after which it gives up; 2000 unless given. */
  readonly maxPasses?: number
  /**
   * Whether each feature is brought to mean 0 and deviation 1 first; the weights that come out take the features as they are all the
   * same. `false` unless given, as in LIBLINEAR.
   */
  readonly standardize?: boolean
  /** Order in which examples are visited; 0 unless given. The result moves within the tolerance. */
  readonly seed?: number
  /** Told after each machine. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
  /** Stops between machines; the promise then rejects with `ABORTED`. */
  readonly signal?: AbortSignal
}

/** A linear SVM: one machine a class. An example is of the class whose machine gives most. */
export interface LinearSvm {
  /** `[features, classes]`, row by row: the kernel of a dense layer. */
  readonly kernel: Float32Array
  /** One a class. */
  readonly bias: Float32Array
  /** Of each machine: `|w|^2 / 2 + C * sum(max(0, 1 - y f(x))^2)`, the bias counted into w. */
  readonly objectives: readonly number[]
  /** Of each machine: how far the objective may still be above the least there is, as a share of it. */
  readonly gaps: readonly number[]
  /** Whether every gap is within the tolerance. */
  readonly converged: boolean
}

/**
 * Trains a linear SVM on embeddings, each class against the rest: squared hinge, L2-regularised with the bias (as LIBLINEAR's solver
 * 1, scikit-learn's `LinearSVC`), solved by dual coordinate descent until the duality gap proves it. The same on each run.
 *
 * @throws `TOO_FEW_CLASSES` for examples of fewer than two classes, `ABORTED`
 */
export async function trainSvm(embeddings: Embeddings, options: SvmOptions = {}): Promise<LinearSvm> {
  const { standardize = false, seed = 0, onProgress, signal } = options
  checkLabels(embeddings)
  const { width, classes, labels } = embeddings
  const scaling = standardize ? standardization(embeddings) : undefined
  const values = scaling ? scaling.apply(embeddings.values) : embeddings.values
  const sums = sumsOf(values, width)
  // Of two machines for two classes the second is the first, turned round.
  const machines = classes.length === 2 ? 1 : classes.length
  const solved: ReturnType<typeof solveMachine>[] = []
  for (let machine = 0; machine < machines; machine++) {
    if (signal?.aborted) {
      throw new CnnkitError('transfer', 'ABORTED', `The SVM was stopped after ${machine} of ${machines} classes.`)
    }
    const positive = machines === 1 ? 1 : machine
    const signs = Int8Array.from(labels, (label) => (label === positive ? 1 : -1))
    solved.push(solveMachine(sums, signs, { ...options, random: random(seed, machine) }))
    onProgress?.({ done: machine + 1, total: machines })
    await new Promise((resolve) => setTimeout(resolve))
  }
  const weights = solved.map(({ weights: own }) => (scaling ? scaling.unfold(own) : own))
  const all = machines === 1 ? [weights[0]!.map((value) => -value), weights[0]!] : weights
  const gaps = solved.map(({ gap }) => gap)
  const { tolerance = 1e-4 } = options
  return {
    kernel: Float32Array.from({ length: width * classes.length }, (_, at) => {
      return all[at % classes.length]![Math.floor(at / classes.length)]!
    }),
    bias: Float32Array.from(all, (own) => own[width]!),
    objectives: solved.map(({ objective }) => objective),
    gaps,
    converged: gaps.every((gap) => gap <= tolerance),
  }
}

/**
 * What each machine gives for each example: positive on the side of its class. Not probabilities.
 *
 * @param values `[examples, features]`, row by row
 * @returns `[examples, classes]`, row by row
 */
export function decisionValues({ kernel, bias }: LinearSvm, values: Float32Array): Float32Array {
  const classes = bias.length
  const width = kernel.length / classes
  const result = new Float32Array((values.length / width) * classes)
  for (let row = 0; row < values.length / width; row++) {
    for (let machine = 0; machine < classes; machine++) {
      let sum = bias[machine]!
      for (let i = 0; i < width; i++) sum += values[row * width + i]! * kernel[i * classes + machine]!
      result[row * classes + machine] = sum
    }
  }
  return result
}

function checkLabels({ classes, labels }: Embeddings): void {
  const present = new Set(labels)
  const missing = classes.filter((_, label) => !present.has(label))
  if (classes.length >= 2 && missing.length === 0) return
  const what =
    classes.length < 2 ? `It has [${classes.join(', ')}]` : `There is no example of ${missing.slice(0, 5).join(', ')}`
  throw new CnnkitError('transfer', 'TOO_FEW_CLASSES', `An SVM needs two classes or more, examples of each. ${what}.`)
}
