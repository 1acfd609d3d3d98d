import {
  abs,
  add,
  exp,
  log1p,
  mean,
  minimum,
  mul,
  neg,
  relu,
  type Scalar,
  square,
  sub,
  type Tensor2D,
} from '@tensorflow/tfjs-core'

/**
 * Mean binary cross-entropy of logits for tags of which any number may be true, in nats, over pictures and tags.
 *
 * @param logits `[batch, tags]`, before the sigmoid
 * @param truth `[batch, tags]`, 0 or 1 or between
 */
export function binaryCrossEntropy(logits: Tensor2D, truth: Tensor2D): Scalar {
  // max(x, 0) - x y + log(1 + exp(-|x|)): what -y log s(x) - (1 - y) log(1 - s(x)) is, for logits of any size.
  const soft = log1p(exp(neg(abs(logits))))
  return mean(add(sub(relu(logits), mul(logits, truth)), soft))
}

/**
 * Mean squared error, over pictures and values.
 *
 * @param outputs `[batch, values]`
 * @param truth `[batch, values]`
 */
export function squaredError(outputs: Tensor2D, truth: Tensor2D): Scalar {
  return mean(square(sub(outputs, truth)))
}

/**
 * Huber's loss, mean over pictures and values: half the squared error up to `delta`, from there on linear, so that a wrong label
 * weighs less (Huber 1964). Equals PyTorch's `HuberLoss`.
 *
 * @param outputs `[batch, values]`
 * @param truth `[batch, values]`
 */
export function huber(outputs: Tensor2D, truth: Tensor2D, delta: number): Scalar {
  const error = abs(sub(outputs, truth))
  const near = minimum(error, delta)
  const far = relu(sub(error, delta))
  return mean(add(mul(square(near), 0.5), mul(far, delta)))
}
