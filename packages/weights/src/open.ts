import { isCnnkitError } from '@cnnkit/errors'
import type { io } from '@tensorflow/tfjs-core'
import { abortedError, reasonOf, weightsError } from './error.ts'
import { openByFormat } from './formats/detect.ts'
import { type Located, locate } from './locate.ts'
import type { OpenWeightsOptions } from './options.ts'
import type { Platform } from './platform.ts'
import type { WeightsInput } from './source.ts'
import type { Task } from './task.ts'
import type { WeightFile } from './weight-file.ts'

/** What `openWeights` and `readTfjsArtifacts` take: one source, or several that are tried in order. */
export type WeightsInputs = WeightsInput | readonly WeightsInput[]

/** The functions that open weights, on a platform. */
export interface Openers {
  openWeights(source: WeightsInputs, options?: OpenWeightsOptions): Promise<WeightFile>
  readTfjsArtifacts(source: WeightsInputs, options?: OpenWeightsOptions): Promise<io.ModelArtifacts>
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
})

async function firstOf<T>(
  inputs: WeightsInputs,
  platform: Platform,
  task: Task,
  read: (located: Located) => Promise<T>,
): Promise<T> {
  const list: readonly WeightsInput[] = Array.isArray(inputs) ? inputs : [inputs as WeightsInput]
  const reasons: string[] = []
  for (const input of list) {
    try {
      if (task.signal?.aborted) throw abortedError('Opening weights', task.signal)
      return await read(await locate(input, platform, task))
    } catch (error) {
      if (task.signal?.aborted && !isCnnkitError(error, 'ABORTED')) throw abortedError('Opening weights', task.signal)
      if (list.length === 1 || task.signal?.aborted) throw error
      reasons.push(`${reasons.length + 1}. ${reasonOf(error)}`)
    }
  }
  throw weightsError(
    'NO_SOURCE',
    list.length === 0
      ? 'The list of sources is empty. Name at least one.'
      : `None of ${list.length} sources could be opened:\n${reasons.join('\n')}`,
  )
}
