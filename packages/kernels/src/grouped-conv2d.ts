import { concat, split, type Tensor1D, type Tensor4D } from '@tensorflow/tfjs-core'
import { type FusedConv2DAttributes, fusedConv2d } from './fused-conv2d.ts'
import { type ComposedForm, runFusedKernel } from './kernel.ts'

/** The name under which a backend registers its fast form. */
export const FusedGroupedConv2D = 'FusedGroupedConv2D'

/** Inputs of the kernel `FusedGroupedConv2D`. */
export interface FusedGroupedConv2DInputs {
  /** `[batch, height, width, channels]`. */
  readonly x: Tensor4D
  /** `[height, width, channels / groups, filters]`. */
  readonly filter: Tensor4D
  /** `[filters]`. */
  readonly bias: Tensor1D
}

/** Attributes of the kernel `FusedGroupedConv2D`, named as those of TensorFlow.js' `FusedConv2D`. */
export interface FusedGroupedConv2DAttributes extends FusedConv2DAttributes {
  /** How many groups there are; channels and filters are multiples of it. */
  readonly groups: number
}

/**
 * A convolution in groups with bias and activation: the first part of the filters sees the first part of the channels only, and so on
 * (Krizhevsky et al. 2012, figure 2). TensorFlow.js has none, so where a backend has no form of its own, tensors are cut and joined around one
 * convolution a group.
 *
 * @returns `[batch, height, width, filters]`; the caller disposes it
 */
export function fusedGroupedConv2d(
  inputs: FusedGroupedConv2DInputs,
  attributes: FusedGroupedConv2DAttributes,
): Tensor4D {
  return runFusedKernel(FusedGroupedConv2D, composed, inputs, attributes)[0] as Tensor4D
}

const composed: ComposedForm<FusedGroupedConv2DInputs, FusedGroupedConv2DAttributes> = (
  { x, filter, bias },
  { groups, ...attributes },
) => {
  const filters = split<Tensor4D>(filter, groups, 3)
  const biases = split<Tensor1D>(bias, groups)
  const parts = split<Tensor4D>(x, groups, 3).map((part, i) =>
    fusedConv2d({ x: part, filter: filters[i]!, bias: biases[i]! }, attributes),
  )
  return [concat(parts, 3)]
}
