import { argMax, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core'

/**
 * How many rows have their largest value at the true class.
 *
 * @param logits `[batch, classes]`
 * @param truth `[batch]`, int32
 */
export async function hits(logits: Tensor2D, truth: Tensor1D): Promise<number> {
  const best = argMax(logits, 1)
  const [predicted, labels] = await Promise.all([best.data(), truth.data()])
  best.dispose()
  let right = 0
  for (let i = 0; i < labels.length; i++) if (predicted[i] === labels[i]) right++
  return right
}
