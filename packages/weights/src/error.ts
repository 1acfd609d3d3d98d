import { CnnkitError, isCnnkitError } from '@cnnkit/errors'

/** An error of this package: `[@cnnkit/weights] ...`. */
export const weightsError = (code: string, message: string, cause?: unknown): CnnkitError =>
  new CnnkitError('weights', code, message, cause === undefined ? undefined : { cause })

/** The error for a file whose content cannot be right: `BAD_FILE`. `what` goes on from the file's name. */
export const badFile = (source: string, what: string, cause?: unknown): CnnkitError =>
  weightsError('BAD_FILE', `${source} ${what}. It is damaged or lies about itself: fetch or write it anew.`, cause)

/** What a failure says, without this package's prefix, to be put inside another message. */
export function reasonOf(error: unknown): string {
  if (isCnnkitError(error)) return error.message.replace(/^\[@cnnkit\/\w+\] /, '')
  if (!(error instanceof Error)) return String(error)
  const cause =
    error.cause instanceof Error ? ` (${error.cause.message || (error.cause as { code?: string }).code})` : ''
  return `${error.message}${cause}`
}

/** The error for a signal that the caller has aborted. */
export const abortedError = (what: string, signal: AbortSignal): CnnkitError =>
  weightsError('ABORTED', `${what} was aborted. Call again to go on: what has arrived is kept.`, signal.reason)
