import { add, cast, mul, oneHot, type Scalar, sum, type Tensor1D, type Tensor2D } from '@tensorflow/tfjs-core'
import { softCrossEntropy } from './soft-cross-entropy.ts'

/**
 * Mean cross-entropy of logits for true classes, in nats.
 *
 * @param logits `[batch, classes]`, before softmax
 * @param truth `[batch]`, int32: the true classes; or `[batch, classes]`: how much each picture is of each
 * @param smoothing share of each label that is spread over all classes
 * @param weights `[classes]`: what a picture of each class counts. The mean stays one over the pictures, as with Keras' `class_weight`
 */
export function crossEntropy(logits: Tensor2D, truth: Tensor1D | Tensor2D, smoothing = 0, weights?: Tensor1D): Scalar {
  const classes = logits.shape[1]
  // Not oneHot's own dtype: TensorFlow.js' wasm backend then writes the bits of the integer 1 into floats.
  const parts =
    truth.rank === 2 ? (truth as Tensor2D) : (cast(oneHot(truth as Tensor1D, classes), 'float32') as Tensor2D)
  if (!weights) return softCrossEntropy(logits, parts, smoothing)
  const counts = sum(mul(parts, weights), 1, true)
  const smooth = add(mul(parts, 1 - smoothing), smoothing / classes)
  return softCrossEntropy(logits, mul<Tensor2D>(smooth, counts))
}
