import { availableParallelism } from 'node:os'
import { type Batches, type BatchOptions, batchesBy } from './batches.ts'
import type { PictureDataset } from './dataset.ts'
import { nodeWorkers } from './workers.node.ts'

/** Threads beyond these rarely have something to do: a batch is divided among them. */
const MOST = 4

/**
 * The data set in batches. Pictures are decoded ahead, several at a time, while the consumer works on the batch before;
 * what is decoded ahead is plain memory, so an early `break` leaves no tensor behind and waits for what is being
 * decoded. The same seeds give the same batches, whatever the timing.
 *
 * In Node the pictures of `imageFolder` are read, augmented and preprocessed by worker threads, so that a backend that keeps the caller's thread busy
 * does not wait for them: the same values to the bit. Other data sets, and augmentations that are the caller's own functions, are
 * served by the caller's thread, and so is all where a worker cannot be had.
 *
 * Throws `INVALID_BATCHES`, `INVALID_PREPROCESSING`; while iterating also what the pictures throw, and `ABORTED`.
 */
export function batches(dataset: PictureDataset, options: BatchOptions): Batches {
  const { workers = Math.min(MOST, Math.max(1, availableParallelism() - 1)) } = options
  return batchesBy(nodeWorkers, dataset, { ...options, workers })
}
