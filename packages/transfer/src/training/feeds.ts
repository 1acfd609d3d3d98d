import { CnnkitError } from '@cnnkit/errors'
import type { PictureDataset } from '@cnnkit/images'
import { cardOf, dropFused, type Stretch } from '@cnnkit/layers'
import { type Rank, zeros } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { featureShape, prefixRunner } from './embedder.ts'
import { featureKey } from './feature-key.ts'
import type { FeatureFile } from './feature-store.ts'
import { computeFeatures } from './features.ts'
import { cachedFeed, type Feed, type FeedOptions, liveFeed } from './feed.ts'
import type { FitOptions } from './fit.ts'

/** What a run is fed with. */
export interface Feeds {
  readonly train: Feed
  readonly validation: Feed | undefined
  /** Lets go of files; `complete` when nothing is left to do with them. */
  close(complete: boolean): Promise<void>
}

/** Features of so many bytes are kept in memory unless the caller says otherwise. */
const CACHE_BYTES = 2 ** 30

/**
 * Chooses how a run is fed: with features that are computed here once, from memory where they fit and from the store where
 * they do not; or with pictures that are decoded and run anew in each epoch.
 */
export async function feedsOf(
  model: LayersModel,
  data: PictureDataset,
  prefix: Stretch,
  options: Omit<FitOptions, 'recipe'>,
): Promise<Feeds> {
  const { validation, augment, mix, embedder, workers, features: store, cacheBytes = CACHE_BYTES } = options
  const { preprocessing } = cardOf(model)
  const live: FeedOptions = {
    model,
    preprocessing,
    batchSize: options.batchSize ?? 16,
    prefix,
    seed: options.seed ?? 0,
    embedder,
    workers,
  }
  const changes = augment !== undefined || mix !== undefined
  const total = data.size + (validation?.size ?? 0)
  const shape = await shapeOf(live)
  const width = shape.reduce((n, side) => n * side, 1)
  const inMemory = 4 * width * total <= cacheBytes
  // Without a frozen layer there is nothing to save by keeping features; decoded pictures are kept by the data set.
  const keeps = prefix.layers.length > 0 && (inMemory || store !== undefined)
  const files: FeatureFile[] = []
  const onBatch = featureProgress(changes ? (validation?.size ?? 0) : total, live.batchSize, options)
  const cached = async (dataset: PictureDataset, before: number): Promise<Feed> => {
    const key = store && (await featureKey({ dataset, preprocessing, prefix, embedded: embedder !== undefined }))
    const file = key === undefined ? undefined : await store?.open(key, { rows: dataset.size, width })
    if (file) files.push(file)
    const target = { shape, file, inMemory }
    return cachedFeed(await computeFeatures(dataset, live, target, (done, run) => onBatch(before + done, run)), live)
  }
  const close = async (complete: boolean): Promise<void> => {
    dropFused(model)
    for (const file of files.splice(0)) await file.close()
    if (complete) await store?.remove()
  }
  try {
    const feeds = {
      train: keeps && !changes ? await cached(data, 0) : liveFeed(data, { ...live, augment, mix }),
      validation:
        validation && (keeps ? await cached(validation, changes ? 0 : data.size) : liveFeed(validation, live)),
      close,
    }
    // Nothing is left that would run the frozen part.
    if (keeps && !changes) dropFused(model)
    return feeds
  } catch (error) {
    await close(false)
    throw error
  }
}

function shapeOf({ model, prefix, embedder, preprocessing: { size, mean } }: FeedOptions): Promise<readonly number[]> {
  return featureShape(prefix, prefixRunner(model, prefix, embedder), () => zeros<Rank.R4>([1, ...size, mean.length]))
}

/** Reports the phase `features`, and stops it when the caller asks. Rows that a store had before do not count for the pace. */
function featureProgress(
  total: number,
  batchSize: number,
  { epochs, onProgress, signal }: Omit<FitOptions, 'recipe'>,
): (done: number, computed: number) => void {
  const started = performance.now()
  let run = 0
  return (done, computed) => {
    if (signal?.aborted) throw new CnnkitError('transfer', 'ABORTED', 'Training was stopped before the first epoch.')
    run += computed
    const imagesPerSecond = run / ((performance.now() - started) / 1000)
    const [step, steps] = [Math.ceil(done / batchSize), Math.ceil(total / batchSize)]
    const secondsLeft = done < total ? (total - done) / imagesPerSecond : 0
    onProgress?.({ phase: 'features', epoch: 0, epochs, step, steps, imagesPerSecond, secondsLeft })
  }
}
