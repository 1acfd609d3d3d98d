import type { PictureDataset } from '@cnnkit/images'
import type { FeatureFile, FeatureRows } from './feature-store.ts'
import type { FeedOptions } from './feed.ts'
import { liveFeed } from './feed.ts'

/** What the frozen part makes of each picture, computed once. */
export interface Features {
  /** A row a picture, in the data set's order. */
  readonly rows: FeatureRows
  /** Of one row. */
  readonly shape: readonly number[]
  readonly labels: Int32Array
}

/** Where {@link computeFeatures} puts the rows: in memory, in a file, or in both. */
export interface FeatureTarget {
  /** Of one row. */
  readonly shape: readonly number[]
  /** Keeps the rows beyond the process; those that it has are not computed again. */
  readonly file?: FeatureFile | undefined
  /** Whether rows are served from memory. */
  readonly inMemory: boolean
}

/**
 * Runs the frozen part once over a data set. It goes on behind the rows that a file has already, from the start of a batch, so that
 * each picture is computed beside the same others as in an unbroken run.
 *
 * @param onBatch told how many pictures are done, and how many of them were just computed; what it throws ends the work, and rows so far are kept
 */
export async function computeFeatures(
  dataset: PictureDataset,
  options: FeedOptions,
  { shape, file, inMemory }: FeatureTarget,
  onBatch: (done: number, computed: number) => void,
): Promise<Features> {
  const width = shape.reduce((n, side) => n * side, 1)
  const labels = Int32Array.from({ length: dataset.size }, (_, i) => dataset.label(i))
  const values = new Float32Array(inMemory ? dataset.size * width : 0)
  const there = file?.done ?? 0
  const skip = there === dataset.size ? Math.ceil(there / options.batchSize) : Math.floor(there / options.batchSize)
  let row = Math.min(there, skip * options.batchSize)
  if (inMemory && file) await copyRows(file, row, width, values)
  if (row > 0) onBatch(row, 0)
  try {
    for await (const { x, labels: known } of liveFeed(dataset, options)({ skip })) {
      const part = (await x.data()) as Float32Array
      x.dispose()
      // A batch that was broken off in the file is appended from where the file ends.
      await file?.append(part.subarray(Math.max(0, there - row) * width))
      if (inMemory) values.set(part, row * width)
      row += known.length
      onBatch(row, known.length)
    }
  } finally {
    await file?.flush()
  }
  return { rows: inMemory ? rowsOf(values, width) : file!, shape, labels }
}

/** Rows that are copied at a time. */
const CHUNK = 256

async function copyRows(file: FeatureRows, count: number, width: number, to: Float32Array): Promise<void> {
  for (let start = 0; start < count; start += CHUNK) {
    const indices = Array.from({ length: Math.min(CHUNK, count - start) }, (_, i) => start + i)
    to.set(await file.read(indices), start * width)
  }
}

function rowsOf(values: Float32Array, width: number): FeatureRows {
  return {
    read: async (indices) => {
      const rows = new Float32Array(indices.length * width)
      indices.forEach((index, i) => {
        rows.set(values.subarray(index * width, (index + 1) * width), i * width)
      })
      return rows
    },
  }
}
