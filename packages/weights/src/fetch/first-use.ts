import { weightsError } from '../error.ts'
import type { WeightsNotice } from '../options.ts'

/** What is said when a file came whose publisher gives no hash. */
export const unverified = (url: string, sha256: string | undefined): WeightsNotice => ({
  code: 'UNVERIFIED',
  message: `${url} could not be verified: its publisher gives no hash. Its SHA-256 was ${
    sha256 ? `written down (${sha256})` : 'not computed'
  }; a later download must equal it.`,
})

/** The error for a file that differs from what was fetched first, where no hash is published. */
export const changedError = (
  url: string,
  first: { readonly sha256?: string | undefined; readonly fetched?: string | undefined },
  sha256: string | undefined,
  remedy: string,
): Error =>
  weightsError(
    'FILE_CHANGED',
    `${url} has changed since it was first fetched${first.fetched ? ` (${first.fetched.slice(0, 10)})` : ''}: sha256 was ` +
      `${first.sha256}, and is ${sha256}. Its publisher gives no hash that would tell which is right, so nothing was kept. ` +
      `If you trust the new file, ${remedy} and open it again.`,
  )
