import { CnnkitError } from '@cnnkit/errors'
import { dispose, type Tensor, tidy } from '@tensorflow/tfjs-core'

/** How far a method is that runs the network often. */
export interface MapProgress {
  /** How many runs of the network are done, one variant of one picture each. */
  readonly done: number
  /** How many there will be. */
  readonly total: number
}

/** Options of the methods that run the network often. */
export interface BatchOptions {
  /** How many variants of a picture go through the network at once; 16 unless given. */
  readonly batchSize?: number
  /** Told after each batch. */
  readonly onProgress?: (progress: MapProgress) => void
  /** Stops the work before the next batch; the promise is then rejected with its reason. */
  readonly signal?: AbortSignal
}

/**
 * Runs something for so many variants of each picture, in batches, between which other work has its turn.
 *
 * @param run makes a tensor of `size` variants from the one numbered `from`, within a `tidy`
 * @returns the tensors in order; the caller disposes them
 * @throws `INVALID_COUNT`
 */
export async function inBatches(
  pictures: number,
  variants: number,
  { batchSize = 16, onProgress, signal }: BatchOptions,
  run: (picture: number, from: number, size: number) => Tensor,
): Promise<readonly Tensor[]> {
  const made: Tensor[] = []
  checkCount('batchSize', batchSize)
  const total = pictures * variants
  try {
    for (let done = 0; done < total; ) {
      signal?.throwIfAborted()
      const [picture, from] = [Math.floor(done / variants), done % variants]
      const size = Math.min(batchSize, variants - from)
      made.push(tidy(() => run(picture, from, size)))
      done += size
      onProgress?.({ done, total })
      await new Promise((resolve) => setTimeout(resolve))
    }
    return made
  } catch (error) {
    dispose(made)
    throw error
  }
}

/** Throws `INVALID_COUNT` for an option that must be a whole number above 0. */
export function checkCount(name: string, count: number): void {
  if (Number.isInteger(count) && count > 0) return
  throw new CnnkitError('cam', 'INVALID_COUNT', `${name} is ${count}: it must be a whole number above 0.`)
}
