import { fused, reshape, type Tensor, type Tensor1D, type Tensor4D } from '@tensorflow/tfjs-core'
import type { FusedActivation } from './fused-conv2d.ts'
import { type ComposedForm, runFusedKernel } from './kernel.ts'

/** The name under which a backend registers its fast form. */
export const ScaleShift = 'ScaleShift'

/** Inputs of the kernel `ScaleShift`. */
export interface ScaleShiftInputs {
  /** `[..., channels]`. */
  readonly x: Tensor
  /** `[channels]`. */
  readonly scale: Tensor1D
  /** `[channels]`. */
  readonly shift: Tensor1D
}

/** Attributes of the kernel `ScaleShift`. */
export interface ScaleShiftAttributes {
  /** Applied last. */
  readonly activation: FusedActivation
}

/**
 * What is left of a batch norm in inference, with the activation behind it: `activation(x * scale + shift)` for each channel, in
 * one pass.
 *
 * @returns of x's shape; the caller disposes it
 */
export function scaleShift(inputs: ScaleShiftInputs, attributes: ScaleShiftAttributes): Tensor {
  return runFusedKernel(ScaleShift, composed, inputs, attributes)[0]!
}

// A depthwise 1x1 convolution with bias and activation, which backends have in one pass.
const composed: ComposedForm<ScaleShiftInputs, ScaleShiftAttributes> = ({ x, scale, shift }, { activation }) => {
  const channels = scale.shape[0]
  const grid = (x.rank === 4 ? x : reshape(x, [1, -1, 1, channels])) as Tensor4D
  const filter = reshape(scale, [1, 1, channels, 1]) as Tensor4D
  const y = fused.depthwiseConv2d({ x: grid, filter, strides: 1, pad: 'valid', bias: shift, activation })
  return [x.rank === 4 ? y : reshape(y, x.shape)]
}
