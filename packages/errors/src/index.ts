/**
 * The error that every cnnkit package throws: `[@cnnkit/cam] No layer "stage6". resnet50 has stem, stage1 to stage4, head.`
 *
 * `code` is stable and meant for programs; the message is meant for people: it names the offending value and says what to do.
 */
export class CnnkitError extends Error {
  /** The same in every copy of this package, so that programs can tell by it. */
  override readonly name = 'CnnkitError'
  /** Stable, in capitals with underscores: `UNKNOWN_MODEL`, `WEIGHTS_MISMATCH`, `ABORTED`, ... */
  readonly code: string

  /**
   * @param origin the package that throws, without the scope: `'zoo'`; `'cnnkit'` is the command line
   * @param code stable code for programs
   * @param message what was wrong, with the value, and what to do
   */
  constructor(origin: string, code: string, message: string, options?: ErrorOptions) {
    super(`[${origin === 'cnnkit' ? origin : `@cnnkit/${origin}`}] ${message}`, options)
    this.code = code
  }
}

/**
 * Whether an error is a {@link CnnkitError}, optionally with the given code. It looks at the name and the code, not at
 * the class, so it also holds where a bundle carries two copies of this package.
 */
export function isCnnkitError(error: unknown, code?: string): error is CnnkitError {
  return (
    error instanceof Error &&
    error.name === 'CnnkitError' &&
    'code' in error &&
    (code === undefined || error.code === code)
  )
}
