import { add, div, mul, sqrt, square, sub, type Tensor } from '@tensorflow/tfjs-core'
import { type ComposedForm, runKernel } from './kernel.ts'

/** The name of the kernel for a step of gradient descent with momentum. */
export const SgdUpdate = 'SgdUpdate'
/** The name of the kernel for a step of Adam. */
export const AdamUpdate = 'AdamUpdate'
/** The name of the kernel for a step of RMSProp. */
export const RmsPropUpdate = 'RmsPropUpdate'

/** What all updates of weights take. */
export interface UpdateInputs {
  /** The weight before the step. */
  readonly weight: Tensor
  /** Of the loss for the weight. */
  readonly gradient: Tensor
}

/** Inputs of the kernel `SgdUpdate`; all of one shape. Its outputs are `[weight, velocity]`, new tensors. */
export interface SgdUpdateInputs extends UpdateInputs {
  /** Starts from zeros. */
  readonly velocity: Tensor
}

/** Inputs of the kernel `AdamUpdate`; all of one shape. Its outputs are `[weight, mean, square]`, new tensors. */
export interface AdamUpdateInputs extends UpdateInputs {
  /** The moving mean of gradients; starts from zeros. */
  readonly mean: Tensor
  /** The moving mean of their squares; starts from zeros. */
  readonly square: Tensor
}

/** Inputs of the kernel `RmsPropUpdate`; all of one shape. Its outputs are `[weight, square]`, or `[weight, square, velocity]`, new tensors. */
export interface RmsPropUpdateInputs extends UpdateInputs {
  /** The moving mean of the gradients' squares. */
  readonly square: Tensor
  /** Starts from zeros; absent without momentum. */
  readonly velocity?: Tensor
}

/** Attributes of all updates: `g = gradient + coupled * weight` goes into the rule, and the new weight is `kept * weight - pull * (what the rule gives)`. */
export interface UpdateAttributes {
  /** What the rule's result is multiplied with: the learning rate, where the rule does not hold it. */
  readonly pull: number
  /** Weight decay that goes through the rule; 0 for none. */
  readonly coupled: number
  /** Share of the weight that stays beside the rule; 1 without decoupled weight decay. */
  readonly kept: number
}

/** Attributes of the kernel `SgdUpdate`. */
export interface SgdUpdateAttributes extends UpdateAttributes {
  /** Share of the velocity that stays. */
  readonly momentum: number
  /** What a gradient is multiplied with as it enters the velocity. */
  readonly gain: number
  /** Whether the rule gives `gain * g + momentum * velocity` in place of the new velocity. */
  readonly nesterov: boolean
}

/** Attributes of the kernel `AdamUpdate`. The corrections for the moments' start are the caller's: they go into `pull` and `epsilon`. */
export interface AdamUpdateAttributes extends UpdateAttributes {
  /** Share of the mean that stays. */
  readonly beta1: number
  /** Share of the mean square that stays. */
  readonly beta2: number
  /** Added to the root of the mean square. */
  readonly epsilon: number
}

/** Attributes of the kernel `RmsPropUpdate`. */
export interface RmsPropUpdateAttributes extends UpdateAttributes {
  /** Share of the mean square that stays. */
  readonly rho: number
  /** Share of the velocity that stays. */
  readonly momentum: number
  /** Added to the mean square or to its root. */
  readonly epsilon: number
  /** Whether epsilon stands inside the root. */
  readonly epsilonInside: boolean
  /** What a scaled gradient is multiplied with as it enters the velocity. */
  readonly gain: number
}

/** A step of gradient descent with momentum: `velocity = momentum * velocity + gain * g`, which the weight follows. */
export function sgdUpdate(inputs: SgdUpdateInputs, attributes: SgdUpdateAttributes): Tensor[] {
  return runKernel(SgdUpdate, composedSgd, inputs, attributes)
}

/** A step of Adam (Kingma and Ba 2014): the weight follows `mean / (sqrt(square) + epsilon)`. */
export function adamUpdate(inputs: AdamUpdateInputs, attributes: AdamUpdateAttributes): Tensor[] {
  return runKernel(AdamUpdate, composedAdam, inputs, attributes)
}

/** A step of RMSProp (Tieleman and Hinton 2012): the weight follows g over the root of the mean square, or a velocity that sums that. */
export function rmsPropUpdate(inputs: RmsPropUpdateInputs, attributes: RmsPropUpdateAttributes): Tensor[] {
  return runKernel(RmsPropUpdate, composedRmsProp, inputs, attributes)
}

const composedSgd: ComposedForm<SgdUpdateInputs, SgdUpdateAttributes> = (inputs, attributes) => {
  const { momentum, gain, nesterov } = attributes
  const newest = scaled(pulled(inputs, attributes), gain)
  const velocity = add(mul(inputs.velocity, momentum), newest)
  return [moved(inputs, nesterov ? add(newest, mul(velocity, momentum)) : velocity, attributes), velocity]
}

const composedAdam: ComposedForm<AdamUpdateInputs, AdamUpdateAttributes> = (inputs, attributes) => {
  const { beta1, beta2, epsilon } = attributes
  const g = pulled(inputs, attributes)
  const mean = add(mul(inputs.mean, beta1), mul(g, 1 - beta1))
  const meanSquare = add(mul(inputs.square, beta2), mul(square(g), 1 - beta2))
  return [moved(inputs, div(mean, add(sqrt(meanSquare), epsilon)), attributes), mean, meanSquare]
}

const composedRmsProp: ComposedForm<RmsPropUpdateInputs, RmsPropUpdateAttributes> = (inputs, attributes) => {
  const { rho, momentum, epsilon, epsilonInside, gain } = attributes
  const g = pulled(inputs, attributes)
  const meanSquare = add(mul(inputs.square, rho), mul(square(g), 1 - rho))
  const root = epsilonInside ? sqrt(add(meanSquare, epsilon)) : add(sqrt(meanSquare), epsilon)
  const newest = scaled(div(g, root), gain)
  if (inputs.velocity === undefined) return [moved(inputs, newest, attributes), meanSquare]
  const velocity = add(mul(inputs.velocity, momentum), newest)
  return [moved(inputs, velocity, attributes), meanSquare, velocity]
}

function pulled({ weight, gradient }: UpdateInputs, { coupled }: UpdateAttributes): Tensor {
  return coupled === 0 ? gradient : add(gradient, mul(weight, coupled))
}

function moved({ weight }: UpdateInputs, movement: Tensor, { pull, kept }: UpdateAttributes): Tensor {
  return sub(scaled(weight, kept), scaled(movement, pull))
}

function scaled(x: Tensor, factor: number): Tensor {
  return factor === 1 ? x : mul(x, factor)
}
