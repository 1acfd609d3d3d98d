import { CnnkitError } from '@cnnkit/errors'
import type { Augmentation, PictureDataset } from '@cnnkit/images'
import { cardOf, endpoint, frozenPrefixEnd, type Stretch, setCard, stretch } from '@cnnkit/layers'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { optimizerOf, type Recipe } from '../recipes/recipe.ts'
import type { CheckpointStore } from './checkpoint.ts'
import { cachedFeed, computeFeatures, type Feed, liveFeed } from './feed.ts'
import type { EpochSummary, TrainingProgress } from './progress.ts'
import { TrainingRun } from './training-run.ts'

/** Options of {@link fit}. */
export interface FitOptions {
  /** Optimizer, rate and schedule. */
  readonly recipe: Recipe
  /** Passes over the training pictures. */
  readonly epochs: number
  /** Pictures a step; 16 unless given. */
  readonly batchSize?: number
  /** Held-out pictures, measured after each epoch. Nothing is chosen by them. */
  readonly validation?: PictureDataset
  /** Changes each training picture anew in each epoch; then the frozen part is run in each epoch too. */
  readonly augment?: Augmentation
  /** Features of the frozen part are kept in memory up to so many bytes, else computed in each epoch; 1 GiB unless given. */
  readonly cacheBytes?: number
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
 *   no number any more, `ABORTED`, `OTHER_RUN` and `BAD_CHECKPOINT` for checkpoints; `UNKNOWN_LAYER` for a model without `head.logits`
 */
export async function fit(model: LayersModel, data: PictureDataset, options: FitOptions): Promise<FitResult> {
  matchClasses(model, data)
  if (model.trainableWeights.length === 0) {
    throw new CnnkitError(
      'transfer',
      'NOTHING_TO_TRAIN',
      `All of ${model.name} is frozen. Use a policy that trains something: 'head', 'last-stage', 'all'.`,
    )
  }
  const { epochs, recipe, onProgress = () => {} } = options
  const end = frozenPrefixEnd(model)
  const started = performance.now()
  const feeds = await feedsOf(model, data, stretch(model, model.inputs[0]!, end), options)
  const preparing = (performance.now() - started) / 1000
  const run = new TrainingRun({
    ...options,
    onProgress,
    model,
    tail: stretch(model, end, endpoint(model, 'head.logits')),
    optimizer: optimizerOf(recipe),
    batchSize: options.batchSize ?? 16,
    size: data.size,
    identity: identityOf(model, data, options),
  })
  try {
    const resumed = await run.resume()
    while (run.epoch < epochs) {
      await run.trainEpoch(feeds.train({ epoch: run.epoch, skip: run.step }))
      await run.endEpoch(feeds.validation?.({}), options.validation?.size ?? 0)
    }
    await options.checkpoint?.remove()
    return { history: run.history, seconds: preparing + run.seconds, resumed }
  } finally {
    run.dispose()
  }
}

interface Feeds {
  readonly train: Feed
  readonly validation: Feed | undefined
}

async function feedsOf(model: LayersModel, data: PictureDataset, prefix: Stretch, options: FitOptions): Promise<Feeds> {
  const { validation, augment, seed = 0, batchSize = 16, cacheBytes = 2 ** 30, epochs, onProgress, signal } = options
  const { preprocessing } = cardOf(model)
  const live = { preprocessing, batchSize, prefix, seed }
  const rowBytes = 4 * prefix.to.shape.slice(1).reduce<number>((n, side) => n * (side ?? 1), 1)
  const total = data.size + (validation?.size ?? 0)
  // Without a frozen layer there is nothing to save by keeping features; decoded pictures are kept by the data set.
  const keeps = prefix.layers.length > 0 && total * rowBytes <= cacheBytes
  const started = performance.now()
  let before = 0
  const cached = async (dataset: PictureDataset): Promise<Feed> => {
    const features = await computeFeatures(dataset, live, (done) => {
      throwIfAborted(signal, 'before the first epoch')
      const pace = (before + done) / ((performance.now() - started) / 1000)
      const steps = Math.ceil(total / batchSize)
      const step = Math.ceil((before + done) / batchSize)
      const secondsLeft = (total - before - done) / pace
      onProgress?.({ phase: 'features', epoch: 0, epochs, step, steps, imagesPerSecond: pace, secondsLeft })
    })
    before += dataset.size
    return cachedFeed(features, live)
  }
  return {
    train: keeps && !augment ? await cached(data) : liveFeed(data, { ...live, augment }),
    validation: validation && (keeps ? await cached(validation) : liveFeed(validation, live)),
  }
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

function identityOf(model: LayersModel, data: PictureDataset, options: FitOptions): Record<string, string | number> {
  const card = cardOf(model)
  const { recipe, epochs, batchSize = 16, seed = 0 } = options
  return {
    network: `${card.architecture} from ${card.weights?.tag ?? 'fresh weights'}`,
    trained: model.trainableWeights.length,
    classes: data.classes.join(', '),
    pictures: data.size,
    recipe: JSON.stringify(recipe),
    epochs,
    batchSize,
    seed,
    augmented: options.augment ? 'yes' : 'no',
  }
}

/** Throws `ABORTED` when the signal says so; `where` says how far the run came. */
function throwIfAborted(signal: AbortSignal | undefined, where: string): void {
  if (signal?.aborted) throw new CnnkitError('transfer', 'ABORTED', `Training was stopped ${where}.`)
}
