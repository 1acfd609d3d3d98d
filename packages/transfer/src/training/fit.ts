import { CnnkitError } from '@cnnkit/errors'
import { type Augmentation, type BadFile, type BatchMix, type PictureDataset, withoutBadFiles } from '@cnnkit/images'
import { cardOf, frozenPrefixEnd, setCard, stretch } from '@cnnkit/layers'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { objectiveOf } from '../objective/objective.ts'
import { targetFeedsOf } from '../objective/target-feed.ts'
import { freezeNorms } from '../policy/freeze-norms.ts'
import { applyPolicy, type Policy, thawEpochs } from '../policy/policy.ts'
import type { Recipe } from '../recipes/recipe.ts'
import type { CheckpointStore } from './checkpoint.ts'
import { type ClassWeights, classWeightsOf } from './class-weights.ts'
import type { Embedder } from './embedder.ts'
import type { FeatureStore } from './feature-store.ts'
import { type Feeds, feedsOf } from './feeds.ts'
import { forwardOf } from './forward.ts'
import type { EpochSummary, TrainingProgress } from './progress.ts'
import { TrainingRun } from './training-run.ts'

/** Options of {@link fit}. */
export interface FitOptions {
  /** Optimizer, rate and schedule. */
  readonly recipe: Recipe
  /** Which part is trained; what is not frozen unless given. A gradual policy thaws more from epoch to epoch. */
  readonly policy?: Policy
  /** Passes over the training pictures. */
  readonly epochs: number
  /** Pictures a step; 16 unless given. */
  readonly batchSize?: number
  /** Batches whose gradients add up to one step, for steps of more pictures than memory has room for; 1 unless given. Norms see each batch alone. */
  readonly accumulate?: number
  /** What a picture of each class counts in training; all the same unless given. */
  readonly classWeights?: ClassWeights
  /** Held-out pictures, measured after each epoch. Nothing is chosen by them. */
  readonly validation?: PictureDataset
  /** Changes each training picture anew in each epoch; then the frozen part is run in each epoch too. */
  readonly augment?: Augmentation
  /** Mixes the pictures of each training batch (`mixup`); then the frozen part is run in each epoch too. */
  readonly mix?: BatchMix
  /**
   * Features of the frozen part are kept in memory up to so many bytes; 1 GiB unless given. Beyond, they are read from `features`
   * batch by batch, or, without one (as in a browser), computed anew in each epoch.
   */
  readonly cacheBytes?: number
  /** Keeps features outside memory as they are computed, so that a killed run goes on computing them where it was. */
  readonly features?: FeatureStore
  /** Runs the frozen part in place of the network's own layers: a compiled engine, say. */
  readonly embedder?: Embedder
  /** Where it is given, all pictures are decoded once at the start, and those that cannot be read are reported and left out. */
  readonly onBadFile?: (failure: BadFile) => void
  /** Threads that get pictures ready while the backend works, as in `batches` of `@cnnkit/images`, which chooses unless given; 0: none. */
  readonly workers?: number
  /** Decides order and augmentation; 0 unless given. */
  readonly seed?: number
  /** Told after each step and each batch of the other phases. */
  readonly onProgress?: (progress: TrainingProgress) => void
  /** Stops after the step under way, with a checkpoint where there is a store; the promise then rejects with `ABORTED`. */
  readonly signal?: AbortSignal
  /** Keeps the run after each epoch, so that the same call goes on where a stopped one was. */
  readonly checkpoint?: CheckpointStore
}

/** What a run came to. */
export interface FitResult {
  /** An entry an epoch, those before a stop included. */
  readonly history: readonly EpochSummary[]
  /** Of training, over all parts of a resumed run, and of the features of the last. */
  readonly seconds: number
  /** Whether the run went on from a checkpoint. */
  readonly resumed: boolean
}

/**
 * Trains what is not frozen of a model, in place. The frozen part below it is run once over the pictures and its features
 * are kept, where no augmentation changes them.
 *
 * @throws `CLASS_MISMATCH` when the data's classes are not the model's, `NOTHING_TO_TRAIN`, `NOT_FINITE` when the loss is
 *   no number any more, `ABORTED`, `OTHER_RUN` and `BAD_CHECKPOINT` for checkpoints, `EMBEDDER_MISMATCH`; `UNKNOWN_LAYER` for a model without `head.logits`
 */
export async function fit(model: LayersModel, data: PictureDataset, options: FitOptions): Promise<FitResult> {
  matchClasses(model, data)
  freeze(model, options, options.epochs - 1)
  if (model.trainableWeights.length === 0) {
    throw new CnnkitError(
      'transfer',
      'NOTHING_TO_TRAIN',
      `All of ${model.name} is frozen. Use a policy that trains something: 'head', 'last-stage', 'all'.`,
    )
  }
  const train = await readable(data, options)
  const validation = options.validation && (await readable(options.validation, options))
  const chosen = { ...options, ...(validation && { validation }) }
  const end = frozenPrefixEnd(model)
  const started = performance.now()
  const feeds = await targetFeedsOf(train, chosen, (pictures, held) =>
    feedsOf(model, pictures, stretch(model, model.inputs[0]!, end), { ...chosen, ...held }),
  )
  const preparing = (performance.now() - started) / 1000
  let complete = false
  try {
    const result = await trainOn(feeds, model, train, chosen)
    complete = true
    return { ...result, seconds: preparing + result.seconds }
  } finally {
    await feeds.close(complete)
  }
}

/** Runs the epochs that are left; the part that is trained starts where the feeds end. */
async function trainOn(
  feeds: Feeds,
  model: LayersModel,
  data: PictureDataset,
  options: FitOptions,
): Promise<FitResult> {
  const { epochs, recipe, policy, validation, checkpoint, onProgress = () => {} } = options
  const stepsPerEpoch = Math.ceil(Math.ceil(data.size / (options.batchSize ?? 16)) / (options.accumulate ?? 1))
  const thawed = policy ? thawEpochs(model, policy, epochs) : new Map<string, number>()
  const run = new TrainingRun({
    ...options,
    onProgress,
    model,
    forward: forwardOf(model, frozenPrefixEnd(model), (recipe.auxiliaryWeight ?? 0) > 0),
    batchSize: options.batchSize ?? 16,
    accumulate: options.accumulate ?? 1,
    classWeights: options.classWeights && classWeightsOf(data, options.classWeights),
    objective: objectiveOf(model, data, recipe.loss),
    thawedAfter: (layerName) => (thawed.get(layerName) ?? 0) * stepsPerEpoch,
    seed: options.seed ?? 0,
    size: data.size,
    identity: identityOf(model, data, options),
  })
  try {
    const resumed = await run.resume()
    const { tally } = run
    while (tally.epoch < epochs) {
      freeze(model, options, tally.epoch)
      await run.trainEpoch(feeds.train({ epoch: tally.epoch, skip: tally.step }))
      await run.endEpoch(feeds.validation?.({}), validation?.size ?? 0)
    }
    run.finish()
    await checkpoint?.remove()
    return { history: tally.history, seconds: tally.seconds, resumed }
  } finally {
    run.dispose()
  }
}

/** The pictures that can be read, where the caller wants to be told of the others. */
async function readable(data: PictureDataset, { onBadFile, signal }: FitOptions): Promise<PictureDataset> {
  if (!onBadFile) return data
  const { dataset, failures } = await withoutBadFiles(data, signal ? { signal } : {})
  for (const failure of failures) onBadFile(failure)
  return dataset
}

function matchClasses(model: LayersModel, data: PictureDataset): void {
  const card = cardOf(model)
  const outputs = model.outputs[0]!.shape.at(-1)
  const labels = Array.isArray(card.labels) ? card.labels : undefined
  if (outputs === data.classes.length && (!labels || labels.join('\n') === data.classes.join('\n'))) {
    if (card.labels === null) setCard(model, { ...card, labels: [...data.classes] })
    return
  }
  const has = labels ? labels.slice(0, 8).join(', ') : `${outputs} outputs`
  throw new CnnkitError(
    'transfer',
    'CLASS_MISMATCH',
    `${model.name} has ${has}; the pictures are of ${data.classes.length} classes: ${data.classes.slice(0, 8).join(', ')}. Give it a head for them with withHead or fineTune.`,
  )
}

/** As the policy and the recipe have it in an epoch. */
function freeze(model: LayersModel, { policy, recipe }: FitOptions, epoch: number): void {
  if (policy) applyPolicy(model, policy, epoch)
  if (recipe.norms === 'frozen') freezeNorms(model)
}

function identityOf(model: LayersModel, data: PictureDataset, options: FitOptions): Record<string, string | number> {
  const card = cardOf(model)
  const { recipe, epochs, batchSize = 16, seed = 0 } = options
  return {
    network: `${card.architecture} from ${card.weights?.tag ?? 'fresh weights'}`,
    policy: JSON.stringify(options.policy ?? 'what is not frozen'),
    trained: model.trainableWeights.length,
    classes: data.classes.join(', '),
    pictures: data.size,
    recipe: JSON.stringify(recipe),
    epochs,
    batchSize,
    seed,
    accumulate: options.accumulate ?? 1,
    classWeights: JSON.stringify(options.classWeights ?? 'equal'),
    augmented: options.augment ? 'yes' : 'no',
    mixed: options.mix ? 'yes' : 'no',
    embedder: options.embedder ? "the caller's" : 'the network',
  }
}
