import { CnnkitError } from '@cnnkit/errors'
import type { Tensor4D } from '@tensorflow/tfjs-core'
import type { Augmentation } from '../augment/augmentation.ts'
import { type BatchMix, mixedTargets, mixRows } from '../augment/batch-mix.ts'
import { type Random, random } from '../augment/random.ts'
import { batchTensor } from '../preprocess/preprocess.ts'
import type { Preprocessing } from '../preprocess/preprocessing.ts'
import { type BadFile, CONCURRENCY, checkAborted } from './bad-files.ts'
import type { PictureDataset } from './dataset.ts'
import { type LoadedBatch, loaderOf } from './loader.ts'
import type { Workers } from './workers.ts'

/** Some pictures as a network takes them. */
export interface Batch {
  /** `[pictures, height, width, channels]`, preprocessed; the consumer disposes it. */
  readonly images: Tensor4D
  /** The pictures' classes; of a mixed picture, that of its larger part. */
  readonly labels: Int32Array
  /** How much each picture is of each class, `[pictures, classes]`, row by row; only with `mix`. */
  readonly targets?: Float32Array
  /** The pictures' names. */
  readonly ids: readonly string[]
  /** The pictures' places in the data set. */
  readonly indices: Int32Array
}

/** How {@link batches} reads. */
export interface BatchOptions {
  /** Pictures in a batch; the last one may hold fewer. */
  readonly batchSize: number
  /** What the network was trained to see; from the model's card. */
  readonly preprocessing: Preprocessing
  /** Draws a new order for each epoch. Left out: the data set's order. */
  readonly shuffle?: Random
  /** Changes each picture before it is preprocessed, with a stream of its own, so that no timing matters. */
  readonly augment?: Augmentation
  /** Mixes the preprocessed pictures of each batch, and their labels: {@link mixup}. */
  readonly mix?: BatchMix
  /** Draws one seed an epoch for `augment` and one for `mix`. Default: `shuffle`. */
  readonly random?: Random
  /** How many batches are got ready while the consumer works. Default 2; 0 reads when asked. */
  readonly prefetch?: number
  /**
   * Threads that read, augment and preprocess while the caller's works (Node): as many as the machine has cores but one, at most 4,
   * unless given; 0 has the caller's thread do it.
   */
  readonly workers?: number
  /** How many pictures are decoded at a time, on each thread. Default 8. */
  readonly concurrency?: number
  /** Leaves out a last batch that is not full. Default false. */
  readonly dropLast?: boolean
  /** Batches at the start of the first epoch that are drawn but not read: training that resumes goes on from there. */
  readonly skip?: number
  /** Called for a picture that cannot be read, which is then left out of its batch. Without it the error is thrown. */
  readonly onBadFile?: (failure: BadFile) => void
  /** Ends the reading; the error is then `ABORTED`. */
  readonly signal?: AbortSignal
}

/** One epoch each time it is iterated. */
export interface Batches extends AsyncIterable<Batch> {
  /** Batches in an epoch, those that are skipped included. */
  readonly length: number
}

/**
 * The data set in batches. Pictures are decoded ahead, several at a time, while the consumer works on the batch before;
 * what is decoded ahead is plain memory, so an early `break` leaves no tensor behind and waits for what is being
 * decoded. The same seeds give the same batches, whatever the timing.
 *
 * Throws `INVALID_BATCHES`, `INVALID_PREPROCESSING`; while iterating also what the pictures throw, and `ABORTED`.
 */
export function batches(dataset: PictureDataset, options: BatchOptions): Batches {
  return batchesBy(undefined, dataset, options)
}

/** {@link batches}, with other threads where there are such. */
export function batchesBy(workers: Workers | undefined, dataset: PictureDataset, options: BatchOptions): Batches {
  checkOptions(options)
  const { batchSize, dropLast = false } = options
  const length = dropLast ? Math.floor(dataset.size / batchSize) : Math.ceil(dataset.size / batchSize)
  let skip = options.skip ?? 0
  return {
    length,
    [Symbol.asyncIterator]() {
      const first = skip
      skip = 0
      // A single batch is there before a thread is.
      return epoch(dataset, length - first > 1 ? workers : undefined, options, [first, length])
    },
  }
}

async function* epoch(
  dataset: PictureDataset,
  workers: Workers | undefined,
  options: BatchOptions,
  [first, end]: readonly [number, number],
): AsyncGenerator<Batch, void, undefined> {
  const { batchSize, shuffle, augment, prefetch = 2, concurrency = CONCURRENCY, signal, preprocessing } = options
  const inOrder = Array.from({ length: dataset.size }, (_, index) => index)
  const order = shuffle ? shuffle.shuffle(inOrder) : inOrder
  const seed = augment ? (options.random ?? shuffle)!.integer(2 ** 32) : 0
  const mixing = mixerOf(dataset, options)
  const stop = new AbortController()
  const stopped = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal
  const pool = workers && { workers, threads: options.workers ?? 0 }
  const load = loaderOf(dataset, { ...options, concurrency, seed, stopped, pool })
  const ahead: Promise<LoadedBatch>[] = []
  let next = first
  const fill = (count: number): void => {
    for (; ahead.length < count && next < end; next++) {
      const place = next
      const batch = load(order.slice(place * batchSize, (place + 1) * batchSize)).then((loaded) =>
        mixing(loaded, place),
      )
      batch.catch(() => {})
      ahead.push(batch)
    }
  }
  try {
    for (fill(prefetch + 1); ahead.length > 0; fill(1)) {
      const { values, ...batch } = await ahead[0]!
      checkAborted(signal)
      ahead.shift()
      fill(prefetch)
      if (batch.ids.length > 0) yield { images: batchTensor(values, preprocessing), ...batch }
    }
  } finally {
    stop.abort()
    await Promise.allSettled(ahead)
  }
}

/** A function that mixes the batch at a place of the epoch, with a stream of its own, or leaves it as it is. */
function mixerOf(
  { classes }: PictureDataset,
  { mix, shuffle, ...options }: BatchOptions,
): (batch: LoadedBatch, place: number) => LoadedBatch & Pick<Batch, 'targets'> {
  if (!mix) return (batch) => batch
  const seed = (options.random ?? shuffle)!.integer(2 ** 32)
  return (batch, place) => {
    if (batch.ids.length === 0) return batch
    const mixture = mix(batch.ids.length, random(seed, place))
    const { labels } = batch
    return {
      ...batch,
      values: mixRows(batch.values, mixture),
      targets: mixedTargets(labels, classes.length, mixture),
      labels: mixture.share < 0.5 ? Int32Array.from(mixture.partners, (partner) => labels[partner]!) : labels,
    }
  }
}

function checkOptions({
  batchSize,
  shuffle,
  augment,
  mix,
  random,
  prefetch = 2,
  skip = 0,
  concurrency = 1,
  workers = 0,
}: BatchOptions): void {
  const fault =
    !Number.isInteger(batchSize) || batchSize < 1
      ? `batchSize is ${batchSize}: give a whole number of at least 1.`
      : !Number.isInteger(prefetch) || prefetch < 0 || !Number.isInteger(skip) || skip < 0
        ? `prefetch (${prefetch}) and skip (${skip}) count batches: give whole numbers of at least 0.`
        : !Number.isInteger(concurrency) || concurrency < 1
          ? `concurrency is ${concurrency}: give a whole number of at least 1.`
          : !Number.isInteger(workers) || workers < 0
            ? `workers is ${workers}: give a whole number, 0 for none.`
            : (augment || mix) && !random && !shuffle
              ? `${augment ? 'augment' : 'mix'} needs random numbers that differ from epoch to epoch: give shuffle or random.`
              : undefined
  if (fault) throw new CnnkitError('images', 'INVALID_BATCHES', fault)
}
