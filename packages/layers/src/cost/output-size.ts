import { CnnkitError } from '@cnnkit/errors'

/**
 * The height (or width) of the grid that a convolution or pooling hands on.
 *
 * @param size height of its input, in pixels
 * @param kernel height of its window
 * @param padding rows of zeros on each side, or TensorFlow's `same`
 * @param stride step of the window
 * @throws `KERNEL_TOO_LARGE` when the window does not fit
 */
export function outputSize(size: number, kernel: number, padding: number | 'same', stride: number): number {
  if (padding === 'same') return Math.ceil(size / stride)
  const room = size + 2 * padding - kernel
  if (room < 0) {
    throw new CnnkitError(
      'layers',
      'KERNEL_TOO_LARGE',
      `A window of ${kernel} does not fit a grid of ${size} with ${padding} rows of padding. Use a larger input or fewer stages.`,
    )
  }
  return Math.floor(room / stride) + 1
}
