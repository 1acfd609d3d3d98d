/**
 * A first kernel that was trained for 3 channels, made to take another number: for one the three are summed, for others
 * they are repeated and scaled by 3 / n, so that what follows sees values of the same size. As timm does it.
 *
 * @param kernel `[height, width, 3, out]`
 * @param shape of the result: `[height, width, channels, out]`
 */
export function adaptedChannels(kernel: Float32Array, shape: readonly number[]): Float32Array {
  const [height, width, channels, out] = shape as [number, number, number, number]
  const result = new Float32Array(height * width * channels * out)
  const scale = channels === 1 ? 1 : 3 / channels
  for (let pixel = 0; pixel < height * width; pixel++) {
    for (let channel = 0; channel < channels; channel++) {
      const to = (pixel * channels + channel) * out
      for (const source of channels === 1 ? [0, 1, 2] : [channel % 3]) {
        const from = (pixel * 3 + source) * out
        for (let i = 0; i < out; i++) result[to + i] = result[to + i]! + scale * kernel[from + i]!
      }
    }
  }
  return result
}
