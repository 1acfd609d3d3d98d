import { CnnkitError } from '@cnnkit/errors'

/** The decoder, loaded when the first picture needs it. Throws `DECODER_UNAVAILABLE` where its binaries are missing. */
export async function loadSharp(): Promise<typeof import('sharp').default> {
  try {
    return (await import('sharp')).default
  } catch (cause) {
    throw new CnnkitError(
      'images',
      'DECODER_UNAVAILABLE',
      'sharp, which reads and writes pictures in Node, does not load: install without --omit=optional (or --no-optional) on this platform; npm install sharp says more.',
      { cause },
    )
  }
}
