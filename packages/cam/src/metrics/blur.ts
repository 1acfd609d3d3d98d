import type { Judged } from './judged.ts'

/** What pixels that are taken away become: the network's zero (for most preprocessings ImageNet's mean colour, or middle grey), or a blur. */
export type Baseline = 'zero' | 'blur'

/** The network's input with every pixel taken away. */
export function baselineOf(picture: Judged, baseline: Baseline): Float32Array {
  return baseline === 'zero' ? new Float32Array(picture.pixels.length) : blurred(picture)
}

/** The input blurred as in RISE's own program: a Gaussian of 11 x 11 with a standard deviation of 5, zeros around the picture. */
function blurred({ pixels, height, width, channels }: Judged): Float32Array {
  const row = width * channels
  return convolved(convolved(pixels, row, channels), height * row, row)
}

/** Convolves along one axis. @param line values from one end of the picture to the other; @param step from one to the next */
function convolved(values: Float32Array, line: number, step: number): Float32Array {
  const result = new Float32Array(values.length)
  for (let at = 0; at < values.length; at++) {
    const start = at - (at % line)
    let sum = 0
    for (const [k, weight] of KERNEL.entries()) {
      const from = at + (k - RADIUS) * step
      if (from >= start && from < start + line) sum += weight * values[from]!
    }
    result[at] = sum
  }
  return result
}

const RADIUS = 5
const SIGMA = 5

/** RISE makes its kernel with SciPy's `gaussian_filter` of a single 1 among zeros, which folds the tails back at the edges. */
const KERNEL: readonly number[] = (() => {
  const [size, reach] = [2 * RADIUS + 1, 4 * SIGMA]
  const gaussian = Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-((i - reach) ** 2) / (2 * SIGMA ** 2)))
  const total = gaussian.reduce((sum, value) => sum + value, 0)
  const kernel = Array<number>(size).fill(0)
  for (const [i, value] of gaussian.entries()) {
    const at = (((RADIUS + i - reach) % (2 * size)) + 2 * size) % (2 * size)
    kernel[at < size ? at : 2 * size - 1 - at]! += value / total
  }
  return kernel
})()
