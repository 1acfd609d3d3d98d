import type { WeightsProgress } from '../options.ts'

/** Adds up the progress of the files of one source and tells it, not too often. */
export interface Meter {
  /** Bytes that all files have together, once they are known. */
  expect(totalBytes: number): void
  /** A file has so many bytes by now; `arrived` is what came over the network in this session. */
  at(path: string, loadedBytes: number, arrivedBytes: number): void
  /** The phase is over: tells the last event. */
  end(): void
}

/** Milliseconds between two events. */
const interval = 100

/** Milliseconds after which the rate tells something. */
const settled = 190

/** A meter of one phase. */
export function meter(
  onProgress: ((event: WeightsProgress) => void) | undefined,
  phase: WeightsProgress['phase'],
  source: string,
): Meter {
  const files = new Map<string, { loaded: number; arrived: number }>()
  let first: { time: number; arrived: number } | undefined
  let total: number | undefined
  let told = Number.NEGATIVE_INFINITY

  const secondsLeft = (loaded: number, arrived: number): number | undefined => {
    if (loaded === total) return 0
    if (total === undefined || first === undefined || told - first.time < settled) return undefined
    return Math.max(0, ((total - loaded) * (told - first.time)) / (arrived - first.arrived) / 1000)
  }

  const tell = (): void => {
    told = performance.now()
    const loadedBytes = sum(files, 'loaded')
    const arrived = sum(files, 'arrived')
    if (arrived > 0) first ??= { time: told, arrived }
    const left = secondsLeft(loadedBytes, arrived)
    inform(onProgress, {
      phase: arrived > 0 ? phase : 'cached',
      loadedBytes,
      source,
      ...(total === undefined ? {} : { totalBytes: total }),
      ...(left === undefined || !Number.isFinite(left) ? {} : { secondsLeft: left }),
    })
  }

  return {
    expect: (bytes) => {
      total = bytes
    },
    at: (path, loaded, arrived) => {
      files.set(path, { loaded, arrived })
      if (arrived > 0 && performance.now() - told >= interval) tell()
    },
    end: tell,
  }
}

/** As with the listeners of an event: what one throws does not disturb the transfer, and is not hidden either. */
function inform(onProgress: ((event: WeightsProgress) => void) | undefined, event: WeightsProgress): void {
  try {
    onProgress?.(event)
  } catch (error) {
    queueMicrotask(() => {
      throw error
    })
  }
}

function sum(files: Map<string, { loaded: number; arrived: number }>, key: 'loaded' | 'arrived'): number {
  let bytes = 0
  for (const file of files.values()) bytes += file[key]
  return bytes
}
