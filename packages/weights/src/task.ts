import type { OpenWeightsOptions } from './options.ts'

/** The options of one call, with what was not said filled in. */
export interface Task {
  readonly signal: AbortSignal | undefined
  readonly onProgress: OpenWeightsOptions['onProgress']
  readonly offline: boolean
  readonly retries: number
  readonly stallSeconds: number
  /** Node: the cache folder. */
  readonly cacheDir: string
  /** Browser: ends in a slash. */
  readonly cdn: string
}

/** A task from options; the platform says where its cache is and whether it is offline. */
export const taskOf = (options: OpenWeightsOptions, cacheDir: string, offline: boolean): Task => ({
  signal: options.signal,
  onProgress: options.onProgress,
  offline: options.offline ?? offline,
  retries: options.retries ?? 4,
  stallSeconds: options.stallSeconds ?? 30,
  cacheDir,
  cdn: (options.cdn ?? 'https://cdn.jsdelivr.net/npm/').replace(/\/*$/, '/'),
})
