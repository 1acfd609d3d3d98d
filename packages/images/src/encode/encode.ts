import { CnnkitError } from '@cnnkit/errors'

/** How `encodeImage` writes. */
export interface EncodeOptions {
  /** Of a JPEG, 1 to 100. Default 90. */
  readonly quality?: number
}

/** Throws `ENCODE_FAILED` for a quality that is none. */
export function checkQuality(quality: number): void {
  if (quality >= 1 && quality <= 100) return
  throw new CnnkitError('images', 'ENCODE_FAILED', `The quality of a JPEG goes from 1 to 100; ${quality} is not there.`)
}
