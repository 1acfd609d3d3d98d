import { add, mul, type Tensor } from '@tensorflow/tfjs-core'
import { type ComposedForm, runKernel } from './kernel.ts'

/** The name under which a backend registers its fast form. */
export const MovingAverage = 'MovingAverage'

/** Inputs of the kernel `MovingAverage`; both of one shape. */
export interface MovingAverageInputs {
  /** Before the step. */
  readonly average: Tensor
  /** What it moves towards. */
  readonly value: Tensor
}

/** Attributes of the kernel `MovingAverage`. */
export interface MovingAverageAttributes {
  /** What the average is multiplied with: the momentum. */
  readonly kept: number
  /** What the value is multiplied with: `1 - kept`, times a correction where there is one. */
  readonly taken: number
}

/**
 * A step of a moving average, `kept * average + taken * value`, as batch norm takes two in each step of training. It has no gradient.
 *
 * @returns the new average; the caller disposes it
 */
export function movingAverage(inputs: MovingAverageInputs, attributes: MovingAverageAttributes): Tensor {
  return runKernel(MovingAverage, composed, inputs, attributes)[0]!
}

const composed: ComposedForm<MovingAverageInputs, MovingAverageAttributes> = ({ average, value }, { kept, taken }) => [
  add(mul(average, kept), mul(value, taken)),
]
