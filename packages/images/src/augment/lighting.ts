// AlexNet (Krizhevsky 2012, section 4.1); the eigenvectors are those of fb.resnet.torch (datasets/imagenet.lua).
import type { Augmentation } from './augmentation.ts'
import { described } from './description.ts'
import { checkOption } from './options.ts'

/** Standard deviations of ImageNet's RGB along its principal components, on 0 to 1. */
const EIGENVALUES = [0.2175, 0.0188, 0.0045] as const

/** The components, a column each; rows are red, green and blue. */
const EIGENVECTORS = [
  [-0.5675, 0.7192, 0.4009],
  [-0.5808, -0.0045, -0.814],
  [-0.5836, -0.6948, 0.4203],
] as const

/**
 * AlexNet's lighting noise: one random amount along each principal component of ImageNet's colours is added to the
 * whole picture. Grey pictures and alpha stay. Throws `INVALID_AUGMENTATION`.
 *
 * @param deviation standard deviation of the amounts; the paper's 0.1 by default
 */
export function pcaLighting(deviation = 0.1): Augmentation {
  checkOption(deviation >= 0, `pcaLighting takes a deviation of at least 0, not ${deviation}.`)
  const apply: Augmentation = (picture, random) => {
    const amounts = EIGENVALUES.map((eigenvalue) => eigenvalue * deviation * random.normal())
    if (picture.channels === 1) return picture
    const shift = EIGENVECTORS.map((row) => 255 * row.reduce((sum, entry, i) => sum + entry * amounts[i]!, 0))
    const data = new Uint8ClampedArray(picture.data)
    for (let i = 0; i < data.length; i += picture.channels) {
      for (let channel = 0; channel < 3; channel++) data[i + channel] = data[i + channel]! + shift[channel]!
    }
    return { ...picture, data }
  }
  return described(apply, { name: 'pcaLighting', args: [deviation] })
}
