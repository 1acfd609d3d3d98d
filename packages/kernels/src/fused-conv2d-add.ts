import {
  add,
  type backend_util,
  fused,
  relu,
  relu6,
  type Tensor,
  type Tensor1D,
  type Tensor4D,
} from '@tensorflow/tfjs-core'
import { type ComposedForm, runFusedKernel } from './kernel.ts'

/** The name under which a backend registers its fast form. */
export const FusedConv2DAdd = 'FusedConv2DAdd'

/** What a fused kernel ends with. */
export type FusedActivation = 'linear' | 'relu' | 'relu6'

/** Inputs of the kernel `FusedConv2DAdd`. */
export interface FusedConv2DAddInputs {
  /** `[batch, height, width, channels]`. */
  readonly x: Tensor4D
  /** `[height, width, channels, filters]`. */
  readonly filter: Tensor4D
  /** `[filters]`. */
  readonly bias: Tensor1D
  /** What is added to each value, of the result's shape. */
  readonly residual: Tensor4D
}

/** Attributes of the kernel `FusedConv2DAdd`, named as those of TensorFlow.js' `FusedConv2D`. */
export interface FusedConv2DAddAttributes {
  /** From one window to the next, in pixels. */
  readonly strides: [height: number, width: number]
  /** Zeros around the grid: by TensorFlow's rules, or so many rows and columns, `[[0, 0], [top, bottom], [left, right], [0, 0]]`. */
  readonly pad: 'same' | 'valid' | backend_util.ExplicitPadding
  /** Distance between the pixels that a window reads; 1 leaves none out. */
  readonly dilations: [height: number, width: number]
  /** Applied last. */
  readonly activation: FusedActivation
}

/**
 * A convolution with all that stands at the end of a residual block: `activation(conv2d(x, filter) + bias + residual)`, in one pass
 * where the backend has it so. TensorFlow.js' own fused convolution has no residual.
 *
 * @returns `[batch, height, width, filters]`; the caller disposes it
 */
export function fusedConv2dAdd(inputs: FusedConv2DAddInputs, attributes: FusedConv2DAddAttributes): Tensor4D {
  return runFusedKernel(FusedConv2DAdd, composed, inputs, attributes)[0] as Tensor4D
}

const composed: ComposedForm<FusedConv2DAddInputs, FusedConv2DAddAttributes> = (inputs, attributes) => {
  const { x, filter, bias, residual } = inputs
  const { strides, pad, dilations, activation } = attributes
  const convolved = fused.conv2d({ x, filter, strides, pad, dilations, bias, activation: 'linear' })
  return [activated(add(convolved, residual), activation)]
}

function activated(x: Tensor, activation: FusedActivation): Tensor {
  if (activation === 'linear') return x
  return activation === 'relu' ? relu(x) : relu6(x)
}
