import { type Augmentation, batches, type PictureDataset, type Preprocessing, random } from '@cnnkit/images'
import { runStretch, type Stretch } from '@cnnkit/layers'
import { type Tensor, tensor, tidy } from '@tensorflow/tfjs-core'

/** What one step works on; the consumer disposes `x`. */
export interface Batch {
  /** What goes into the part of the network that is trained. */
  readonly x: Tensor
  readonly labels: Int32Array
}

/** Which examples, in which order. */
export interface Pass {
  /** Each epoch has an order of its own; without one the order is the data set's. */
  readonly epoch?: number
  /** Batches at the start that were done before. */
  readonly skip?: number
}

/** Gives the examples of one pass over the data, batch by batch. */
export type Feed = (pass: Pass) => AsyncIterable<Batch>

/** How pictures become batches. */
export interface FeedOptions {
  readonly preprocessing: Preprocessing
  readonly batchSize: number
  /** The part of the network that is frozen, from its input. */
  readonly prefix: Stretch
  readonly seed: number
  readonly augment?: Augmentation | undefined
}

/** Decodes, augments and runs the frozen part anew in each pass. */
export function liveFeed(dataset: PictureDataset, options: FeedOptions): Feed {
  const { preprocessing, batchSize, prefix, augment, seed } = options
  return async function* ({ epoch, skip = 0 }) {
    const drawn = epoch === undefined ? {} : { shuffle: random(seed, epoch), ...(augment && { augment }) }
    for await (const { images, labels } of batches(dataset, { batchSize, preprocessing, skip, ...drawn })) {
      const x = tidy(() => runStretch(prefix, images))
      images.dispose()
      yield { x, labels }
    }
  }
}

/** What the frozen part makes of each picture, computed once, in memory. */
export interface Features {
  /** One row a picture, in the data set's order. */
  readonly values: Float32Array
  /** Of one row. */
  readonly shape: readonly number[]
  readonly labels: Int32Array
}

/** Runs the frozen part once over a data set; `onBatch` is told how many pictures are done. */
export async function computeFeatures(
  dataset: PictureDataset,
  options: FeedOptions,
  onBatch: (done: number) => void,
): Promise<Features> {
  const labels = new Int32Array(dataset.size)
  let values = new Float32Array(0)
  let shape: readonly number[] = []
  let row = 0
  for await (const { x, labels: known } of liveFeed(dataset, options)({})) {
    const part = (await x.data()) as Float32Array
    x.dispose()
    const size = part.length / known.length
    if (row === 0) values = new Float32Array(dataset.size * size)
    shape = x.shape.slice(1)
    values.set(part, row * size)
    labels.set(known, row)
    row += known.length
    onBatch(row)
  }
  return { values, shape, labels }
}

/** Serves features that were computed once, in the order that {@link liveFeed} has for the same seed and epoch. */
export function cachedFeed({ values, shape, labels }: Features, { batchSize, seed }: FeedOptions): Feed {
  const size = shape.reduce((n, side) => n * side, 1)
  return async function* ({ epoch, skip = 0 }) {
    const inOrder = Array.from(labels.keys())
    const order = epoch === undefined ? inOrder : random(seed, epoch).shuffle(inOrder)
    for (let start = skip * batchSize; start < order.length; start += batchSize) {
      const chosen = order.slice(start, start + batchSize)
      const rows = new Float32Array(chosen.length * size)
      chosen.forEach((index, i) => {
        rows.set(values.subarray(index * size, (index + 1) * size), i * size)
      })
      yield { x: tensor(rows, [chosen.length, ...shape]), labels: Int32Array.from(chosen, (index) => labels[index]!) }
    }
  }
}
