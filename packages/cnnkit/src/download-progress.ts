import type { WeightsNotice, WeightsProgress } from '@cnnkit/weights'
import { progressLine } from './terminal/progress.ts'
import { bytes, duration } from './terminal/words.ts'

/** A line on the terminal that shows the bytes of a download, if there is one. */
export interface DownloadProgress {
  /** What everything that opens weights takes as `onProgress`. */
  onProgress(event: WeightsProgress): void
  /** What it takes as `onNotice`: told when the line has ended. */
  onNotice(notice: WeightsNotice): void
  /** Bytes that came over the network. */
  readonly fetched: number
  /** The weights are there. */
  done(): void
  /** They are not; the error is printed by who catches it. */
  stop(): void
}

/** Shows a download: bytes, of how many, time left. Nothing is shown where the cache has the weights. */
export function downloadProgress(label: string): DownloadProgress {
  const notices: WeightsNotice[] = []
  let line: ReturnType<typeof progressLine> | undefined
  let loaded = 0
  const tell = (): void => {
    for (const { message } of notices.splice(0)) process.stderr.write(`${message}\n`)
  }
  return {
    onProgress: ({ phase, loadedBytes, totalBytes, secondsLeft }) => {
      if (phase !== 'download') return
      line ??= progressLine(label)
      loaded = loadedBytes
      const of = totalBytes ? ` of ${bytes(totalBytes)}` : ''
      const left = secondsLeft === undefined ? '' : `, ${duration(secondsLeft)} left`
      line.update(totalBytes ? loaded / totalBytes : 0, `${bytes(loaded)}${of}${left}`)
    },
    onNotice: (notice) => {
      notices.push(notice)
    },
    get fetched() {
      return loaded
    },
    done: () => {
      line?.done(`${bytes(loaded)} fetched and kept`)
      tell()
    },
    stop: () => {
      line?.stop()
      tell()
    },
  }
}
