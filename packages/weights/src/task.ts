import type { OpenWeightsOptions, WeightsNotice } from './options.ts'

/** The options of one call, with what was not said filled in. */
export interface Task {
  readonly signal: AbortSignal | undefined
  readonly onProgress: OpenWeightsOptions['onProgress']
  /** Tells what is no failure. */
  notice(notice: WeightsNotice): void
  readonly offline: boolean
  /** A URL or, in Node, a folder. */
  readonly mirror: string | undefined
  /** Do not trust what the cache holds: hash it. */
  readonly verify: boolean
  readonly retries: number
  /** Retries of a server that has never answered: few where there is another source. */
  readonly retriesUnanswered: number
  readonly stallSeconds: number
  /** Node: the cache folder. */
  readonly cacheDir: string
  /** Browser: ends in a slash. */
  readonly cdn: string
}

/** What the platform adds to the options. */
export interface Surroundings {
  readonly cacheDir: string
  readonly offline: boolean
  readonly mirror: string | undefined
  readonly retriesUnanswered: number
}

/** A task from options; the platform says where its cache is and what the environment wants. */
export function taskOf(options: OpenWeightsOptions, { cacheDir, offline, mirror, ...rest }: Surroundings): Task {
  const retries = options.retries ?? 4
  return {
    signal: options.signal,
    onProgress: options.onProgress,
    notice: options.onNotice ?? (({ message }) => console.warn(`[@cnnkit/weights] ${message}`)),
    offline: options.offline ?? offline,
    mirror: options.mirror ?? mirror,
    verify: options.verify ?? false,
    retries,
    retriesUnanswered: Math.min(retries, rest.retriesUnanswered),
    stallSeconds: options.stallSeconds ?? 30,
    cacheDir,
    cdn: (options.cdn ?? 'https://cdn.jsdelivr.net/npm/').replace(/\/*$/, '/'),
  }
}
