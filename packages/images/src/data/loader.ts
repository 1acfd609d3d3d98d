import type { Augmentation } from '../augment/augmentation.ts'
import type { Random } from '../augment/random.ts'
import { batchOf, writerOf } from '../preprocess/preprocess.ts'
import type { Preprocessing } from '../preprocess/preprocessing.ts'
import { type BadFile, badFileOf, checkAborted } from './bad-files.ts'
import type { PictureDataset } from './dataset.ts'
import { gate } from './gate.ts'

/** A batch in plain memory. */
export interface LoadedBatch {
  readonly values: Float32Array
  readonly labels: Int32Array
  readonly ids: readonly string[]
  readonly indices: Int32Array
}

/** How {@link loaderOf} loads. */
export interface LoaderOptions {
  readonly preprocessing: Preprocessing
  readonly concurrency: number
  /** The random numbers for one picture. */
  readonly streamOf: (index: number) => Random
  /** Pictures that have not been started when it fires are not. */
  readonly stopped: AbortSignal
  readonly augment?: Augmentation
  readonly onBadFile?: (failure: BadFile) => void
}

/** A function that reads, augments and preprocesses the pictures at some indices; all its batches share the places. */
export function loaderOf(dataset: PictureDataset, options: LoaderOptions): (indices: number[]) => Promise<LoadedBatch> {
  const { augment, concurrency, streamOf, stopped, onBadFile } = options
  const preprocessing = augment?.size
    ? ({ ...options.preprocessing, resize: 'stretch', cropFraction: 1 } as const)
    : options.preprocessing
  const write = writerOf(preprocessing)
  const enter = gate(concurrency)

  const loadOne = async (index: number, values: Float32Array, place: number): Promise<boolean> => {
    checkAborted(stopped)
    try {
      const picture = await dataset.picture(index)
      write(augment ? augment(picture, streamOf(index)) : picture, values, place)
      return true
    } catch (error) {
      const failure = onBadFile && badFileOf(dataset, index, error)
      if (!failure) throw error
      onBadFile(failure)
      return false
    }
  }

  return async (indices) => {
    const values = batchOf(indices.length, preprocessing)
    const loaded = await Promise.all(indices.map((index, place) => enter(() => loadOne(index, values, place))))
    const kept = indices.filter((_, place) => loaded[place])
    return {
      values: kept.length === indices.length ? values : packed(values, loaded),
      labels: Int32Array.from(kept, (index) => dataset.label(index)),
      ids: kept.map((index) => dataset.id(index)),
      indices: Int32Array.from(kept),
    }
  }
}

/** The values without the places of pictures that did not load. */
function packed(values: Float32Array, loaded: readonly boolean[]): Float32Array {
  const length = values.length / loaded.length
  let end = 0
  for (const [place, isLoaded] of loaded.entries()) {
    if (!isLoaded) continue
    values.copyWithin(end, place * length, (place + 1) * length)
    end += length
  }
  return values.subarray(0, end)
}
