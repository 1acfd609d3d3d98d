import { CnnkitError, isCnnkitError } from '@cnnkit/errors'
import { indicesByClass, type PictureDataset, subset } from './dataset.ts'
import { gate } from './gate.ts'

/** A picture that could not be read. */
export interface BadFile {
  /** Its name in the data set. */
  readonly id: string
  /** What was wrong, for people. */
  readonly reason: string
}

/** What {@link withoutBadFiles} found. */
export interface GoodFiles {
  /** The pictures that can be read, in their order. */
  readonly dataset: PictureDataset
  /** Those that cannot. */
  readonly failures: readonly BadFile[]
}

/** How {@link withoutBadFiles} looks. */
export interface BadFileOptions {
  /** Called after each picture. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
  /** Ends the search; the error is then `ABORTED`. */
  readonly signal?: AbortSignal
}

/** How many pictures are decoded at a time where the caller does not say. */
export const CONCURRENCY = 8

/**
 * Decodes every picture once and gives the data set without those that cannot be read, and a list of these. Errors that
 * are not of the file itself, as of the decoder, are thrown. Throws `EMPTY_CLASS` where a class has no picture left.
 */
export async function withoutBadFiles(
  dataset: PictureDataset,
  { onProgress, signal }: BadFileOptions = {},
): Promise<GoodFiles> {
  const enter = gate(CONCURRENCY)
  const failures = new Map<number, BadFile>()
  let done = 0
  let isOver = false
  const look = async (index: number): Promise<void> => {
    if (isOver) return
    checkAborted(signal)
    const failure = await failureOf(dataset, index)
    if (failure) failures.set(index, failure)
    onProgress?.({ done: ++done, total: dataset.size })
  }
  const indices = Array.from({ length: dataset.size }, (_, index) => index)
  try {
    await Promise.all(indices.map((index) => enter(() => look(index))))
  } finally {
    isOver = true
  }
  if (failures.size === 0) return { dataset, failures: [] }
  const kept = subset(
    dataset,
    indices.filter((index) => !failures.has(index)),
  )
  checkClasses(dataset, kept)
  return { dataset: kept, failures: indices.flatMap((index) => failures.get(index) ?? []) }
}

/** What is wrong with the file of an error that {@link PictureDataset.picture} threw; undefined where it is not the file. */
export function badFileOf(dataset: PictureDataset, index: number, error: unknown): BadFile | undefined {
  const isOfTheFile = ['NOT_AN_IMAGE', 'NOT_FOUND', 'READ_FAILED'].some((code) => isCnnkitError(error, code))
  return isOfTheFile ? { id: dataset.id(index), reason: (error as Error).message } : undefined
}

/** Throws `ABORTED` once the signal says so. */
export function checkAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new CnnkitError('images', 'ABORTED', 'Reading the pictures was aborted.')
}

async function failureOf(dataset: PictureDataset, index: number): Promise<BadFile | undefined> {
  try {
    await dataset.picture(index)
    return undefined
  } catch (error) {
    const failure = badFileOf(dataset, index, error)
    if (failure) return failure
    throw error
  }
}

function checkClasses(before: PictureDataset, after: PictureDataset): void {
  const had = indicesByClass(before)
  const lost = indicesByClass(after).findIndex((members, label) => members.length === 0 && had[label]!.length > 0)
  if (lost < 0) return
  throw new CnnkitError(
    'images',
    'EMPTY_CLASS',
    `No picture of the class "${before.classes[lost]}" can be read, of ${had[lost]!.length}: replace them, or remove the class.`,
  )
}
