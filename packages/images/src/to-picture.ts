import { type Picture, toRgb } from './picture.ts'
import { type ImageSource, pixelsOf } from './source.ts'

/**
 * Any picture that the platform has, as red, green and blue bytes. Alpha is laid over white, grey is repeated; what is RGB
 * already is not copied.
 *
 * @throws `INVALID_PICTURE`, `UNSUPPORTED_SOURCE`
 */
export function toPicture(image: ImageSource): Picture {
  return toRgb(pixelsOf(image))
}
