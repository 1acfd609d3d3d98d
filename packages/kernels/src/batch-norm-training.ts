import {
  add,
  type GradFunc,
  mean,
  mul,
  registerGradient,
  reshape,
  rsqrt,
  square,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
} from '@tensorflow/tfjs-core'
import { type ComposedForm, runKernel } from './kernel.ts'

/** The name under which a backend registers its fast form. */
export const BatchNormTraining = 'BatchNormTraining'
/** The name of the gradient kernel, under which a backend registers its fast form. */
export const BatchNormTrainingGrad = 'BatchNormTrainingGrad'

/** Inputs of the kernel `BatchNormTraining`. */
export interface BatchNormTrainingInputs {
  /** `[..., channels]`; all axes but the last are reduced. */
  readonly x: Tensor
  /** Scale, `[channels]`. */
  readonly gamma: Tensor1D
  /** Offset, `[channels]`. */
  readonly beta: Tensor1D
}

/** Inputs of the kernel `BatchNormTrainingGrad`; its outputs are `[dx, dgamma, dbeta]`. */
export interface BatchNormTrainingGradInputs {
  /** Gradient of the loss for `y`, of x's shape. */
  readonly dy: Tensor
  /** `[..., channels]`. */
  readonly x: Tensor
  /** `[channels]`. */
  readonly gamma: Tensor1D
  /** Of the batch, `[channels]`. */
  readonly mean: Tensor1D
  /** Of the batch, population variance, `[channels]`. */
  readonly variance: Tensor1D
}

/** Attributes of both kernels. */
export interface BatchNormTrainingAttributes {
  /** Added to the variance under the root. */
  readonly epsilon: number
}

/** What batch norm gives in training. The caller disposes all three. */
export interface BatchNormTrainingResult {
  /** `gamma * (x - mean) / sqrt(variance + epsilon) + beta`, of x's shape. */
  readonly y: Tensor
  /** Of the batch, `[channels]`; no gradient flows through it. */
  readonly mean: Tensor1D
  /** Of the batch, `[channels]`: the population variance (divided by n, not n - 1), on every backend; no gradient flows through it. */
  readonly variance: Tensor1D
}

/**
 * Batch normalisation by the statistics of the batch, as it is done in training (Ioffe and Szegedy 2015, algorithm 1),
 * as one named kernel with a gradient in closed form.
 *
 * TensorFlow.js composes this from a dozen element-wise operations, each of which the gradient then walks back through.
 */
export function batchNormTraining(
  x: Tensor,
  gamma: Tensor1D,
  beta: Tensor1D,
  epsilon: number,
): BatchNormTrainingResult {
  const [y, mean, variance] = runKernel(BatchNormTraining, composedForward, { x, gamma, beta }, { epsilon })
  return { y: y!, mean: mean as Tensor1D, variance: variance as Tensor1D }
}

const composedForward: ComposedForm<BatchNormTrainingInputs, BatchNormTrainingAttributes> = (inputs, { epsilon }) => {
  const rows = asRows(inputs.x)
  const average = mean(rows, 0)
  const centered = sub(rows, average)
  const variance = mean(square(centered), 0)
  const y = add(mul(centered, mul(rsqrt(add(variance, epsilon)), inputs.gamma)), inputs.beta)
  return [reshape(y, inputs.x.shape), average, variance]
}

// With n values a channel and z = (x - mean) / sqrt(variance + epsilon):
// dx = gamma / sqrt(variance + epsilon) * (dy - sum(dy) / n - z * sum(dy * z) / n)
const composedGradient: ComposedForm<BatchNormTrainingGradInputs, BatchNormTrainingAttributes> = (
  inputs,
  { epsilon },
) => {
  const dy = asRows(inputs.dy)
  const scale = rsqrt(add(inputs.variance, epsilon))
  const normalized = mul(sub(asRows(inputs.x), inputs.mean), scale)
  const dbeta = sum(dy, 0)
  const dgamma = sum(mul(dy, normalized), 0)
  const n = dy.shape[0]!
  const inner = sub(sub(dy, mul(dbeta, 1 / n)), mul(normalized, mul(dgamma, 1 / n)))
  return [reshape(mul(inner, mul(inputs.gamma, scale)), inputs.x.shape), dgamma, dbeta]
}

const gradFunc: GradFunc = (dys, saved, attributes) => {
  const [x, gamma, mean, variance] = saved as [Tensor, Tensor1D, Tensor1D, Tensor1D]
  const { epsilon } = attributes as unknown as BatchNormTrainingAttributes
  const dy = (dys as Tensor[])[0]!
  // Now and not in the closures: TensorFlow.js runs each closure in a tidy of its own, which would drop the other two.
  const [dx, dgamma, dbeta] = runKernel(
    BatchNormTrainingGrad,
    composedGradient,
    { dy, x, gamma, mean, variance },
    { epsilon },
  )
  return { x: () => dx!, gamma: () => dgamma!, beta: () => dbeta! }
}

registerGradient({
  kernelName: BatchNormTraining,
  inputsToSave: ['x', 'gamma'],
  outputsToSave: [false, true, true],
  gradFunc,
})

function asRows(x: Tensor): Tensor {
  return reshape(x, [-1, x.shape[x.rank - 1]!])
}
