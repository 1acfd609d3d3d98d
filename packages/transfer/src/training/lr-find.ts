// Smith 2015, "Cyclical learning rates for training neural networks", section 3.3 (arXiv:1506.01186), in the form of fastai's
// `lr_find`: its stop and its two suggestions, with a mean that lags less behind (0.9 where fastai has 0.98, in which a hundred steps
// end before the mean has seen that the pictures are learnt).
import { CnnkitError, isCnnkitError } from '@cnnkit/errors'
import type { Augmentation, PictureDataset } from '@cnnkit/images'
import { cardOf, dropFused, frozenPrefixEnd, stretch } from '@cnnkit/layers'
import type { Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { objectiveOf } from '../objective/objective.ts'
import { targetFeed } from '../objective/target-feed.ts'
import { freezeNorms } from '../policy/freeze-norms.ts'
import type { Recipe } from '../recipes/recipe.ts'
import { type ClassWeights, classWeightsOf } from './class-weights.ts'
import { type Batch, liveFeed } from './feed.ts'
import { type Forward, forwardOf } from './forward.ts'
import { Learner } from './learner.ts'
import { type RatePoint, type RateSuggestion, suggestRate } from './rate-suggestion.ts'

/** Options of {@link lrFind}. */
export interface LrFindOptions {
  /** The recipe whose rate is sought: its optimizer, clipping, smoothing and factors count, its rate and schedule do not. */
  readonly recipe: Recipe
  /** The lowest rate; 1e-7 unless given. */
  readonly from?: number
  /** The highest rate; 10 unless given. */
  readonly to?: number
  /** Steps from the one to the other, a batch each; 100 unless given. Pictures come again when they run out. */
  readonly steps?: number
  /** Pictures a step; 16 unless given. */
  readonly batchSize?: number
  /** What a picture of each class counts; all the same unless given. */
  readonly classWeights?: ClassWeights
  /** Changes each picture anew, as the run will. */
  readonly augment?: Augmentation
  /** Decides order, augmentation and dropout; 0 unless given. */
  readonly seed?: number
  /** Told after each step. */
  readonly onProgress?: (point: RatePoint & { readonly step: number; readonly steps: number }) => void
  /** Stops after the step under way; the promise then rejects with `ABORTED`. */
  readonly signal?: AbortSignal
}

/** What {@link lrFind} gives; `lrFindSvg` of `@cnnkit/report` draws it. */
export interface LrFindResult extends RateSuggestion {
  /** A point a step, rates rising. */
  readonly points: readonly RatePoint[]
  /** Whether the loss went up beyond bounds before the highest rate; else that may have been too low to tell. */
  readonly diverged: boolean
}

/** The smoothed loss may reach so many times its least. */
const BOUND = 4
/** Share of the old mean that each step keeps. */
const SMOOTHING = 0.9

/**
 * Seeks a learning rate: trains with a rate that rises exponentially from step to step until the loss goes up beyond bounds. The model is
 * as before afterwards, to the bit, whether it ends well or not.
 *
 * @throws `NOTHING_TO_TRAIN`, `BAD_RATE` for rates that do not rise from above 0, `ABORTED`, `UNKNOWN_LAYER` for a model without `head.logits`
 */
export async function lrFind(model: LayersModel, data: PictureDataset, options: LrFindOptions): Promise<LrFindResult> {
  const { recipe, from = 1e-7, to = 10, steps = 100, classWeights, seed = 0 } = options
  if (!(from > 0 && to > from && steps > 1)) {
    const message = `A search goes up from above 0 in two steps or more, not from ${from} to ${to} in ${steps}.`
    throw new CnnkitError('transfer', 'BAD_RATE', message)
  }
  if (model.trainableWeights.length === 0) {
    throw new CnnkitError('transfer', 'NOTHING_TO_TRAIN', `All of ${model.name} is frozen. Apply a policy that trains.`)
  }
  const thaw = recipe.norms === 'frozen' ? freezeNorms(model) : () => undefined
  const forward = forwardOf(model, frozenPrefixEnd(model), (recipe.auxiliaryWeight ?? 0) > 0)
  const weights = classWeights && classWeightsOf(data, classWeights)
  const objective = objectiveOf(model, data, recipe.loss)
  const learner = new Learner({ model, forward, recipe, seed, classWeights: weights, objective })
  const kept = keepWeights(forward)
  try {
    return await climb(learner, batchesOf(model, forward, data, options), options)
  } finally {
    learner.dispose()
    kept.restore()
    thaw()
    dropFused(model)
  }
}

async function climb(
  learner: Learner,
  batches: AsyncIterable<Batch>,
  { from = 1e-7, to = 10, steps = 100, onProgress, signal }: LrFindOptions,
): Promise<LrFindResult> {
  const points: RatePoint[] = []
  let [mean, least, diverged] = [0, Number.POSITIVE_INFINITY, false]
  for await (const batch of batches) {
    const step = points.length
    const rate = from * (to / from) ** (step / (steps - 1))
    const loss = await lossOf(learner, batch, step, rate)
    mean = SMOOTHING * mean + (1 - SMOOTHING) * loss
    const smoothed = mean / (1 - SMOOTHING ** (step + 1))
    least = Math.min(least, smoothed)
    diverged = !(smoothed <= BOUND * least)
    if (Number.isFinite(loss)) {
      points.push({ rate, loss, smoothed })
      onProgress?.({ rate, loss, smoothed, step: step + 1, steps })
    }
    if (signal?.aborted) throw new CnnkitError('transfer', 'ABORTED', `The search was stopped after step ${step + 1}.`)
    if (diverged || points.length === steps) break
    await new Promise((resolve) => setTimeout(resolve)) // timers, signals and the page have their turn
  }
  return { points, diverged, ...suggestRate(points, steps) }
}

/** The loss before the step, which is then made; `NaN` where it is no number. */
async function lossOf(learner: Learner, batch: Batch, step: number, rate: number): Promise<number> {
  try {
    const { loss, gradients } = await learner.study(batch, step, `step ${step + 1}`)
    learner.learn(gradients, rate)
    return loss
  } catch (error) {
    if (isCnnkitError(error, 'NOT_FINITE')) return Number.NaN
    throw error
  }
}

async function* batchesOf(
  model: LayersModel,
  { tail }: Forward,
  data: PictureDataset,
  { batchSize = 16, seed = 0, augment }: LrFindOptions,
): AsyncIterable<Batch> {
  const prefix = stretch(model, model.inputs[0]!, tail.from)
  const options = { model, preprocessing: cardOf(model).preprocessing, batchSize, prefix, seed, augment }
  const feed = targetFeed(data, (pictures) => liveFeed(pictures, options))
  for (let epoch = 0; ; epoch++) yield* feed({ epoch })
}

/** Keeps all weights of a stretch, the moving statistics of its norms included. */
function keepWeights({ layers }: Forward): { restore(): void } {
  const weights = layers.flatMap((layer) => layer.weights)
  const copies: Tensor[] = weights.map((weight) => weight.read().clone())
  return {
    restore: () => {
      weights.forEach((weight, i) => {
        weight.write(copies[i]!)
        copies[i]!.dispose()
      })
    },
  }
}
