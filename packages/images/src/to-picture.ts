import { CnnkitError } from '@cnnkit/errors'
import { type Picture, toRgb } from './picture.ts'
import { type ImageSource, pixelsOf } from './source.ts'

/**
 * Any picture that the platform has, as red, green and blue bytes. Alpha is laid over white, grey is repeated; what is RGB
 * already is not copied. Throws `INVALID_PICTURE` or `UNSUPPORTED_SOURCE`.
 */
export function toPicture(image: ImageSource): Picture {
  const { channels, ...pixels } = pixelsOf(image)
  if (channels === 1 || channels === 3 || channels === 4) return toRgb({ ...pixels, channels })
  throw new CnnkitError('images', 'INVALID_PICTURE', `A picture has 1, 3 or 4 channels, not ${channels}.`)
}
