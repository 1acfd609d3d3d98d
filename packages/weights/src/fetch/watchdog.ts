import type { TransferOptions } from './transfer.ts'

/** Watches one request. */
export interface Watchdog {
  /** For `fetch`. */
  readonly signal: AbortSignal
  /** Something has come. */
  touch(): void
  /** Whether it was the watchdog that aborted. */
  stalled(): boolean
  /** The request is over: lets go of its connection. */
  stop(): void
}

/** Aborts with the caller's signal, and when nothing has come for too long. */
export function watchdog(options: Pick<TransferOptions, 'signal' | 'stallSeconds'>): Watchdog {
  const controller = new AbortController()
  let stalled = false
  const arm = (): ReturnType<typeof setTimeout> =>
    setTimeout(() => {
      stalled = true
      controller.abort()
    }, options.stallSeconds * 1000)
  const pass = (): void => controller.abort(options.signal?.reason)
  options.signal?.addEventListener('abort', pass)
  let timer = arm()
  return {
    signal: controller.signal,
    touch: () => {
      clearTimeout(timer)
      timer = arm()
    },
    stalled: () => stalled,
    stop: () => {
      clearTimeout(timer)
      options.signal?.removeEventListener('abort', pass)
      controller.abort()
    },
  }
}
