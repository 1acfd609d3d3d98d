import type { Augmentation } from '../augment/augmentation.ts'
import { stepsOf } from '../augment/description.ts'
import { random } from '../augment/random.ts'
import type { Preprocessing } from '../preprocess/preprocessing.ts'
import { type BadFile, badFileOf, checkAborted } from './bad-files.ts'
import type { PictureDataset } from './dataset.ts'
import { elsewhereOf } from './elsewhere.ts'
import { gate } from './gate.ts'
import { type Prepared, preparer } from './prepare.ts'
import type { Work } from './worker-messages.ts'
import type { Workers } from './workers.ts'

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
  /** Each picture has a stream of it. */
  readonly seed: number
  /** Pictures that have not been started when it fires are not. */
  readonly stopped: AbortSignal
  readonly augment?: Augmentation
  readonly onBadFile?: (failure: BadFile) => void
  /** Does the work where it can be done on other threads. */
  readonly pool?: { readonly workers: Workers; readonly threads: number } | undefined
}

/** A function that reads, augments and preprocesses the pictures at some indices; all its batches share the places. */
export function loaderOf(dataset: PictureDataset, options: LoaderOptions): (indices: number[]) => Promise<LoadedBatch> {
  const { augment, onBadFile } = options
  const preprocessing = augment?.size
    ? ({ ...options.preprocessing, resize: 'stretch', cropFraction: 1 } as const)
    : options.preprocessing
  const here = loadHere(dataset, { ...options, preprocessing })
  const there = loadThere(dataset, { ...options, preprocessing })
  return async (indices) => {
    const { values, errors } = (await there?.(indices)) ?? (await here(indices))
    for (const [place, error] of [...errors].sort(([a], [b]) => a - b)) {
      const failure = onBadFile && badFileOf(dataset, indices[place]!, error)
      if (!failure) throw error
      onBadFile(failure)
    }
    const kept = indices.filter((_, place) => !errors.has(place))
    return {
      values,
      labels: Int32Array.from(kept, (index) => dataset.label(index)),
      ids: kept.map((index) => dataset.id(index)),
      indices: Int32Array.from(kept),
    }
  }
}

type Load = (indices: readonly number[]) => Promise<Prepared>

/** On the caller's thread. */
function loadHere(dataset: PictureDataset, { seed, stopped, concurrency, ...options }: LoaderOptions): Load {
  const prepare = preparer({ ...options, enter: gate(concurrency) })
  const read = async (index: number) => {
    checkAborted(stopped)
    return dataset.picture(index)
  }
  return (indices) => prepare(indices.map((index) => ({ read: () => read(index), stream: random(seed, index) })))
}

/** On other threads; undefined where they cannot do it, and it gives undefined where they cannot have a picture or are lost. */
function loadThere(
  dataset: PictureDataset,
  { pool, augment, seed, preprocessing, concurrency, stopped }: LoaderOptions,
): ((indices: readonly number[]) => Promise<Prepared | undefined>) | undefined {
  const elsewhere = elsewhereOf(dataset)
  const steps = augment && stepsOf(augment)
  if (!pool || pool.threads === 0 || !elsewhere || (augment && !steps)) return undefined
  return async (indices) => {
    checkAborted(stopped)
    const sources: Work['sources'][number][] = []
    for (const index of indices) {
      const source = elsewhere.source(index)
      if (source) sources.push(source)
    }
    if (sources.length < indices.length) return undefined
    const { keep } = elsewhere
    const work = { sources, streams: indices, seed, preprocessing, steps, concurrency, keep: keep !== undefined }
    const result = await pool.workers.prepare(work, pool.threads, stopped)
    for (const [place, picture] of result?.decoded ?? []) keep?.(indices[place]!, picture)
    return result
  }
}
