import { isCnnkitError } from '@cnnkit/errors'
import type { io } from '@tensorflow/tfjs-core'
import { abortedError, reasonOf, weightsError } from './error.ts'
import { openByFormat } from './formats/detect.ts'
import { type Candidate, type Located, locate } from './locate.ts'
import type { OpenWeightsOptions } from './options.ts'
import type { Platform } from './platform.ts'
import type { WeightsInput } from './source.ts'
import { inOrder } from './sources.ts'
import type { Task } from './task.ts'
import type { WeightFile, WeightFormat } from './weight-file.ts'

/** What `openWeights` and `readTfjsArtifacts` take: one source, or several that are tried in order. */
export type WeightsInputs = WeightsInput | readonly WeightsInput[]

/** What `fetchWeights` has fetched. */
export interface FetchedWeights {
  /** The format that was found. */
  readonly format: WeightFormat
  /** Where it came from, or was found: as in `WeightFile`. */
  readonly source: string
  /** Where it is now: a path, in a browser the address that the Cache API has it under. */
  readonly location: string
  /** Of all its files. */
  readonly bytes: number
  /** Whether a hash that the publisher gives was compared, and right. */
  readonly verified: boolean
}

/** The functions that open weights, on a platform. */
export interface Openers {
  openWeights(source: WeightsInputs, options?: OpenWeightsOptions): Promise<WeightFile>
  readTfjsArtifacts(source: WeightsInputs, options?: OpenWeightsOptions): Promise<io.ModelArtifacts>
  fetchWeights(source: WeightsInputs, options?: OpenWeightsOptions): Promise<FetchedWeights>
}

/** Makes the functions that open weights for a platform. */
export const openersOf = (platform: Platform): Openers => ({
  openWeights: (source, options = {}) =>
    firstOf(source, platform, platform.task(options), ({ location, name }) => openByFormat(location, name)),
  readTfjsArtifacts: (source, options = {}) =>
    firstOf(source, platform, platform.task(options), async ({ location, name }) => {
      const { readArtifacts } = await import('./formats/tfjs-artifacts.ts')
      return readArtifacts(location, name)
    }),
  fetchWeights: (source, options = {}) =>
    firstOf(source, platform, platform.task({ verify: true, ...options }), fetched),
})

async function fetched({ location: { folder, path }, name }: Located): Promise<FetchedWeights> {
  const { format, source, tensors, close } = await openByFormat({ folder, path }, name)
  await close()
  if (folder.kept === undefined) {
    const bytes = tensors.reduce((sum, { byteLength }) => sum + byteLength, 0)
    return { format, source, location: name, bytes, verified: false }
  }
  const kept = await folder.kept()
  if (kept !== undefined) return { format, source, ...kept }
  throw weightsError(
    'CACHE_UNWRITABLE',
    `${source} came, but cannot be kept here: a page needs https (or localhost), storage, and room.`,
  )
}

async function firstOf<T>(
  inputs: WeightsInputs,
  platform: Platform,
  task: Task,
  read: (located: Located) => Promise<T>,
): Promise<T> {
  const list: readonly WeightsInput[] = Array.isArray(inputs) ? inputs : [inputs as WeightsInput]
  const candidates = await inOrder(list, platform, task)
  const failures: unknown[] = []
  for (const [index, candidate] of candidates.entries()) {
    const isLast = index === candidates.length - 1
    try {
      if (task.signal?.aborted) throw abortedError('Opening weights', task.signal)
      return await openOne(candidate, platform, isLast ? task : hasty(task), read)
    } catch (error) {
      if (task.signal?.aborted && !isCnnkitError(error, 'ABORTED')) throw abortedError('Opening weights', task.signal)
      if (candidates.length === 1 || task.signal?.aborted) throw error
      failures.push(error)
      if (!isLast) task.notice({ code: 'PASSED_OVER', message: `${reasonOf(error)} The next source is tried.` })
    }
  }
  throw noSource(failures, task)
}

async function openOne<T>(
  candidate: Candidate,
  platform: Platform,
  task: Task,
  read: (located: Located) => Promise<T>,
): Promise<T> {
  const located = await locate(candidate, platform, task)
  const { folder, path } = located.location
  return read(located).catch(async (error) => {
    if (isCnnkitError(error) && !ofFetching.has(error.code)) await folder.doubt?.(path)
    throw error
  })
}

/** Errors that say nothing of what is in a file. */
const ofFetching = new Set(
  `ABORTED OFFLINE NETWORK STALLED CUT SERVER_BUSY HTTP_STATUS NOT_FOUND SHARD_MISSING SHARD_SIZE CHECKSUM_MISMATCH
  FILE_CHANGED REFUSES_PAGES CACHE_UNWRITABLE BAD_SOURCE UNSAFE_PATH`.split(/\s+/),
)

/** Where there is another source, a server that does not answer is not waited for long. */
const hasty = (task: Task): Task => ({ ...task, retriesUnanswered: Math.min(1, task.retriesUnanswered) })

/** The error for sources that have all failed. */
function noSource(failures: readonly unknown[], task: Task): Error {
  if (failures.length === 0) return weightsError('NO_SOURCE', 'The list of sources is empty. Name at least one.')
  const reasons = failures.map((error, index) => `${index + 1}. ${reasonOf(error)}`).join('\n')
  const all = `None of ${failures.length} sources could be opened:\n${reasons}`
  if (failures.every((error) => isCnnkitError(error, 'OFFLINE'))) return weightsError('OFFLINE', all)
  const remedy = 'Have you a copy of one of these files? Name its path or URL, or the place it is in as `mirror`.'
  return weightsError('NO_SOURCE', task.mirror === undefined ? `${all}\n${remedy}` : all)
}
