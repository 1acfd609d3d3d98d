import {
  add,
  cast,
  logSoftmax,
  mean,
  mul,
  neg,
  oneHot,
  type Scalar,
  sum,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core'

/**
 * Mean cross-entropy of logits for true classes, in nats.
 *
 * @param logits `[batch, classes]`, before softmax
 * @param labels `[batch]`, int32
 * @param smoothing share of each label that is spread over all classes
 */
export function crossEntropy(logits: Tensor2D, labels: Tensor1D, smoothing = 0): Scalar {
  const classes = logits.shape[1]
  // Not oneHot's own dtype: TensorFlow.js' wasm backend then writes the bits of the integer 1 into floats.
  const hard = cast(oneHot(labels, classes), 'float32')
  const target = smoothing > 0 ? add(mul(hard, 1 - smoothing), smoothing / classes) : hard
  return neg(mean<Scalar>(sum(mul(target, logSoftmax(logits)), 1)))
}
