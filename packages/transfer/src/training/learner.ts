import { CnnkitError } from '@cnnkit/errors'
import {
  add,
  dispose,
  keep,
  mul,
  type NamedTensorMap,
  type Scalar,
  type Tensor1D,
  type Tensor2D,
  tensor1d,
  tensor2d,
  type Variable,
  variableGrads,
} from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { classesObjective, type Objective } from '../objective/objective.ts'
import { clipped } from '../optimizers/clipping.ts'
import { makeOptimizer } from '../optimizers/make-optimizer.ts'
import type { Move, Optimizer } from '../optimizers/optimizer.ts'
import type { Recipe } from '../recipes/recipe.ts'
import { DropoutSeeds } from './dropout-seeds.ts'
import type { Batch } from './feed.ts'
import { firstNotFinite } from './first-not-finite.ts'
import { type Forward, runForward } from './forward.ts'
import { movesOf } from './moves.ts'

/** What a {@link Learner} works on. */
export interface LearnerOptions {
  readonly model: LayersModel
  readonly forward: Forward
  readonly recipe: Recipe
  /** Decides what dropout drops. */
  readonly seed: number
  /** What a picture of each class counts. */
  readonly classWeights?: readonly number[] | undefined
  /** What it is trained towards; to name the class unless given. */
  readonly objective?: Objective
  /** Steps of the run before a layer is trained, by the layer's name, where a policy thaws it later; none unless given. */
  readonly thawedAfter?: (layerName: string) => number
}

/** What a batch comes to. The gradients are the caller's. */
export interface Lesson {
  /** Of the network's own head. */
  readonly loss: number
  /** Pictures named rightly. */
  readonly correct: number
  /** By the variables' names. */
  readonly gradients: NamedTensorMap
}

interface Losses {
  readonly own: Scalar
  readonly all: Scalar
  readonly logits: Tensor2D
}

/** What is trained of a network: gradients of a batch, and how they move the weights. It owns its optimizer. */
export class Learner {
  readonly optimizer: Optimizer
  /** All that is trained, in the order of the layers. */
  readonly variables: readonly Variable[]
  private readonly options: LearnerOptions
  private readonly moves: readonly Move[]
  private readonly dropout: DropoutSeeds
  private readonly classWeights: Tensor1D | undefined
  private readonly objective: Objective

  constructor(options: LearnerOptions) {
    const { model, forward, recipe, seed, classWeights, objective = classesObjective, thawedAfter } = options
    this.options = options
    this.optimizer = makeOptimizer(recipe.optimizer)
    const moves = movesOf(model, forward.layers, recipe, thawedAfter)
    this.variables = moves.map(({ weight }) => weight.read() as Variable)
    this.moves = moves.map(({ move }) => move)
    this.dropout = new DropoutSeeds(forward.layers, seed)
    this.classWeights = classWeights && tensor1d([...classWeights])
    this.objective = objective
  }

  /**
   * What a batch would have the weights do; they stay where they are. The batch is disposed.
   *
   * @param step counted over the whole run
   * @param where for an error: `epoch 3, step 7`
   * @throws `NOT_FINITE` when the loss is no number
   */
  async study({ x, labels, targets }: Batch, step: number, where: string): Promise<Lesson> {
    this.dropout.set(step)
    const named = tensor1d(labels, 'int32')
    const truth = targets ? tensor2d(targets, [labels.length, targets.length / labels.length]) : named
    let losses: Losses | undefined
    const { value, grads } = variableGrads(() => {
      losses = this.losses(x, truth)
      return losses.all
    }, this.open())
    const { own, logits } = losses!
    const correct = await this.objective.right(logits, named, truth)
    const [all, loss] = [(await value.data())[0]!, (await own.data())[0]!]
    dispose([named, truth, own, logits, value])
    if (Number.isFinite(all)) {
      x.dispose()
      return { loss, correct, gradients: grads }
    }
    dispose(grads)
    const why = await firstNotFinite(this.options.forward, x)
    x.dispose()
    throw new CnnkitError(
      'transfer',
      'NOT_FINITE',
      `The loss is ${all} at ${where}. ${why}. Use a lower learning rate.`,
    )
  }

  /** Moves the weights along gradients, which are disposed. */
  learn(gradients: NamedTensorMap, rate: number): void {
    const { clipping } = this.options.recipe
    const held = clipping ? clipped(gradients, clipping) : gradients
    this.optimizer.step(
      this.variables,
      held,
      this.moves.map((move) => ({ ...move, rate: move.rate * rate })),
    )
    dispose(gradients)
    if (held !== gradients) dispose(held)
  }

  dispose(): void {
    this.dropout.restore()
    this.optimizer.dispose()
    this.classWeights?.dispose()
  }

  /** Those that are trained at present: a policy may thaw more as the run goes on. */
  private open(): Variable[] {
    const open = new Set(
      this.options.forward.layers.flatMap((layer) => layer.trainableWeights.map((weight) => weight.read())),
    )
    return this.variables.filter((weight) => open.has(weight))
  }

  private losses(x: Batch['x'], truth: Tensor1D | Tensor2D): Losses {
    const { forward, recipe } = this.options
    const terms = { smoothing: recipe.labelSmoothing, classWeights: this.classWeights }
    const lossOf = (logits: Tensor2D): Scalar => this.objective.loss(logits, truth, terms)
    const [logits, ...side] = runForward(forward, x)
    const own = lossOf(logits)
    const all = side.reduce<Scalar>((sum, aside) => add<Scalar>(sum, mul(lossOf(aside), recipe.auxiliaryWeight!)), own)
    return { own: keep(own.clone()), all, logits: keep(logits.clone() as Tensor2D) }
  }
}
