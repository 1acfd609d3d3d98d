import { add, type Tensor1D, type Tensor4D } from '@tensorflow/tfjs-core'
import { activated, type FusedConv2DAttributes, type FusedConv2DInputs, fusedConv2d } from './fused-conv2d.ts'
import { type ComposedForm, runFusedKernel } from './kernel.ts'

/** The name under which a backend registers its fast form. */
export const FusedConv2DAdd = 'FusedConv2DAdd'

/** Inputs of the kernel `FusedConv2DAdd`. */
export interface FusedConv2DAddInputs extends FusedConv2DInputs {
  /** `[filters]`. */
  readonly bias: Tensor1D
  /** What is added to each value, of the result's shape. */
  readonly residual: Tensor4D
}

/**
 * A convolution with all that stands at the end of a residual block: `activation(conv2d(x, filter) + bias + residual)`, in one pass
 * where the backend has it so. TensorFlow.js' own fused convolution has no residual.
 *
 * @returns `[batch, height, width, filters]`; the caller disposes it
 */
export function fusedConv2dAdd(inputs: FusedConv2DAddInputs, attributes: FusedConv2DAttributes): Tensor4D {
  return runFusedKernel(FusedConv2DAdd, composed, inputs, attributes)[0] as Tensor4D
}

const composed: ComposedForm<FusedConv2DAddInputs, FusedConv2DAttributes> = ({ residual, ...inputs }, attributes) => {
  const convolved = fusedConv2d(inputs, { ...attributes, activation: 'linear' })
  return [activated(add(convolved, residual), attributes.activation)]
}
