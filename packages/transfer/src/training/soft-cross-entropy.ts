import { add, logSoftmax, mean, mul, neg, type Scalar, sum, type Tensor2D } from '@tensorflow/tfjs-core'

/**
 * Mean cross-entropy of logits for soft labels, as mixed pictures have them, in nats. Equals PyTorch's `CrossEntropyLoss` with class
 * probabilities.
 *
 * @param logits `[batch, classes]`, before softmax
 * @param targets `[batch, classes]`, how much each picture is of each class; a row's sum is 1
 * @param smoothing share of each label that is spread over all classes
 */
export function softCrossEntropy(logits: Tensor2D, targets: Tensor2D, smoothing = 0): Scalar {
  const smooth = smoothing > 0 ? add(mul(targets, 1 - smoothing), smoothing / logits.shape[1]) : targets
  return neg(mean<Scalar>(sum(mul(smooth, logSoftmax(logits)), 1)))
}
