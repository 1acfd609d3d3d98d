import {
  add,
  LRN,
  LRNGrad,
  matMul,
  mul,
  pow,
  reshape,
  rsqrt,
  sqrt,
  square,
  sub,
  type Tensor,
  type Tensor4D,
  tensor2d,
} from '@tensorflow/tfjs-core'
import { type ComposedForm, ensureKernel, runKernel } from './kernel.ts'

/** Attributes of local response normalization, those of TensorFlow.js' kernels `LRN` and `LRNGrad`. */
export interface LocalResponseNormAttributes {
  /** Channels on each side that are summed; the window has `2 * depthRadius + 1`. */
  readonly depthRadius: number
  /** What the sum is added to: k in the paper. */
  readonly bias: number
  /** Factor of the sum, as it is: where a convention divides it by the size of the window, the caller does. */
  readonly alpha: number
  /** The exponent. */
  readonly beta: number
}

/**
 * Local response normalization across channels (Krizhevsky et al. 2012, section 3.3):
 * `x / (bias + alpha * sum of squares over the neighbouring channels) ** beta`.
 *
 * TensorFlow.js has the kernel and its gradient on wasm, WebGL and the CPU; where a backend has none (WebGPU) a composed form
 * of ours is registered under their names.
 *
 * @param x `[batch, height, width, channels]`
 * @returns of x's shape; the caller disposes it
 */
export function localResponseNorm(x: Tensor4D, attributes: LocalResponseNormAttributes): Tensor4D {
  ensureKernel(LRNGrad, composedGradient)
  return runKernel(LRN, composedForward, { x }, attributes)[0] as Tensor4D
}

const composedForward: ComposedForm<{ x: Tensor }, LocalResponseNormAttributes> = ({ x }, attributes) => [
  mul(x, power(denominator(x, attributes), attributes.beta)),
]

// dx = dy * s^-beta - 2 * alpha * beta * x * window(dy * y / s), with s what is raised to the power; the window is symmetric.
const composedGradient: ComposedForm<{ x: Tensor; y: Tensor; dy: Tensor }, LocalResponseNormAttributes> = (
  { x, dy },
  attributes,
) => {
  const { alpha, beta, depthRadius } = attributes
  const s = denominator(x, attributes)
  const direct = mul(dy, power(s, beta))
  const through = windowSum(mul(mul(direct, x), pow(s, -1)), depthRadius)
  return [sub(direct, mul(mul(x, through), 2 * alpha * beta))]
}

function denominator(x: Tensor, { depthRadius, bias, alpha }: LocalResponseNormAttributes): Tensor {
  return add(mul(windowSum(square(x), depthRadius), alpha), bias)
}

/** The sum over neighbouring channels, as a product with a band of ones: faster than shifted copies (measured on wasm). */
function windowSum(x: Tensor, radius: number): Tensor {
  const channels = x.shape[x.rank - 1]!
  const band = new Float32Array(channels * channels)
  for (let i = 0; i < channels; i++) {
    band.fill(1, i * channels + Math.max(0, i - radius), i * channels + Math.min(channels, i + radius + 1))
  }
  return reshape(matMul(reshape(x, [-1, channels]), tensor2d(band, [channels, channels])), x.shape)
}

/** `s ** -beta`; the usual 0.75 by roots, which are ten times as fast as a power. */
function power(s: Tensor, beta: number): Tensor {
  if (beta !== 0.75) return pow(s, -beta)
  const root = rsqrt(s)
  return mul(root, sqrt(root))
}
