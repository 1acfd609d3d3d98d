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

const interval = 100

/** A meter of one phase. */
export function meter(
  onProgress: ((event: WeightsProgress) => void) | undefined,
  phase: WeightsProgress['phase'],
  source: string,
): Meter {
  const started = performance.now()
  const files = new Map<string, { loaded: number; arrived: number }>()
  let total: number | undefined
  let told = Number.NEGATIVE_INFINITY

  const tell = (): void => {
    told = performance.now()
    const loadedBytes = sum(files, 'loaded')
    const arrived = sum(files, 'arrived')
    const reached = arrived > 0 || phase === 'extract'
    const left =
      total === undefined ? undefined : ((total - loadedBytes) * (told - started)) / (arrived || loadedBytes) / 1000
    inform(onProgress, {
      phase: reached ? phase : 'cached',
      loadedBytes,
      source,
      ...(total === undefined ? {} : { totalBytes: total }),
      ...(left === undefined || !Number.isFinite(left) ? {} : { secondsLeft: Math.max(0, left) }),
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
