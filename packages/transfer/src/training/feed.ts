import {
  type Augmentation,
  type BatchMix,
  batches,
  type PictureDataset,
  type Preprocessing,
  random,
} from '@cnnkit/images'
import type { Stretch } from '@cnnkit/layers'
import { type Tensor, tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { type Embedder, prefixRunner } from './embedder.ts'
import type { Features } from './features.ts'

/** What one step works on; the consumer disposes `x`. */
export interface Batch {
  /** What goes into the part of the network that is trained. */
  readonly x: Tensor
  readonly labels: Int32Array
  /** How much each picture is of each class, `[batch, classes]`, where pictures were mixed; `labels` then names the larger part. */
  readonly targets?: Float32Array
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
  readonly model: LayersModel
  /** The part of the network that is frozen, from its input. */
  readonly prefix: Stretch
  readonly seed: number
  readonly augment?: Augmentation | undefined
  readonly mix?: BatchMix | undefined
  /** Runs the frozen part in place of the network's own layers. */
  readonly embedder?: Embedder | undefined
  /** Threads that get pictures ready. */
  readonly workers?: number | undefined
}

/** Decodes, augments and runs the frozen part anew in each pass. */
export function liveFeed(dataset: PictureDataset, options: FeedOptions): Feed {
  const { model, preprocessing, batchSize, prefix, augment, mix, embedder, seed, workers } = options
  const run = prefixRunner(model, prefix, embedder)
  const threads = workers === undefined ? {} : { workers }
  return async function* ({ epoch, skip = 0 }) {
    const drawn =
      epoch === undefined ? {} : { shuffle: random(seed, epoch), ...(augment && { augment }), ...(mix && { mix }) }
    for await (const batch of batches(dataset, { batchSize, preprocessing, skip, ...threads, ...drawn })) {
      const { images, labels, targets } = batch
      let x: Tensor
      try {
        x = await run(images)
      } finally {
        images.dispose()
      }
      yield { x, labels, ...(targets && { targets }) }
    }
  }
}

/** Serves features that were computed once, in the order that {@link liveFeed} has for the same seed and epoch. */
export function cachedFeed({ rows, shape, labels }: Features, { batchSize, seed }: FeedOptions): Feed {
  return async function* ({ epoch, skip = 0 }) {
    const inOrder = Array.from(labels.keys())
    const order = epoch === undefined ? inOrder : random(seed, epoch).shuffle(inOrder)
    const read = (start: number) => {
      const chosen = order.slice(start, start + batchSize)
      const values = chosen.length > 0 ? rows.read(chosen) : undefined
      values?.catch(() => {}) // thrown where it is awaited
      return { chosen, values }
    }
    let start = skip * batchSize
    for (let next = read(start); next.values; ) {
      const { chosen } = next
      const values = await next.values
      start += batchSize
      next = read(start) // from the disk while the step runs
      yield { x: tensor(values, [chosen.length, ...shape]), labels: Int32Array.from(chosen, (i) => labels[i]!) }
    }
  }
}
