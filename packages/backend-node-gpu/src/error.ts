import { CnnkitError } from '@cnnkit/errors'

/** An error of this package. */
export function failure(code: string, message: string, cause?: unknown): CnnkitError {
  return new CnnkitError('backend-node-gpu', code, message, cause === undefined ? undefined : { cause })
}

/** What an error says, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
