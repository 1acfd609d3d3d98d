import {
  greaterEqual,
  lessEqual,
  logicalAnd,
  mul,
  registerGradient,
  step,
  sub,
  type Tensor,
  where,
  zerosLike,
} from '@tensorflow/tfjs-core'
import { type ComposedForm, runKernel } from './kernel.ts'

/** The name of the kernel for the gradient of `Relu`. */
export const ReluGrad = 'ReluGrad'
/** The name of the kernel for the gradient of `Relu6`. */
export const Relu6Grad = 'Relu6Grad'
/** The name of the kernel for the gradient of `ClipByValue`. */
export const ClipByValueGrad = 'ClipByValueGrad'

/** Inputs of the kernels `ReluGrad` and `Relu6Grad`. */
export interface ReluGradInputs {
  /** Gradient of the loss for y. */
  readonly dy: Tensor
  /** What the activation gave, not what it took: the next layer keeps that anyway, so training holds one tensor less for each activation. */
  readonly y: Tensor
}

/** Inputs of the kernel `ClipByValueGrad`. */
export interface ClipByValueGradInputs {
  /** Gradient of the loss for the clipped values. */
  readonly dy: Tensor
  /** What was clipped. */
  readonly x: Tensor
}

/** Attributes of the kernel `ClipByValueGrad`, those of TensorFlow.js' `ClipByValue`. */
export interface ClipByValueGradAttributes {
  /** Lower values were raised to this. */
  readonly clipValueMin: number
  /** Higher values were lowered to this. */
  readonly clipValueMax: number
}

/** The gradient of ReLU: dy where y > 0, else 0. */
export function reluGrad(dy: Tensor, y: Tensor): Tensor {
  return runKernel(ReluGrad, composedRelu, { dy, y }, {})[0]!
}

/** The gradient of ReLU6: dy where 0 < y < 6, else 0, as TensorFlow and PyTorch have it; TensorFlow.js' own lets dy through at 6 itself. */
export function relu6Grad(dy: Tensor, y: Tensor): Tensor {
  return runKernel(Relu6Grad, composedRelu6, { dy, y }, {})[0]!
}

/** The gradient of clipping: dy where min <= x <= max, else 0. */
export function clipByValueGrad(dy: Tensor, x: Tensor, attributes: ClipByValueGradAttributes): Tensor {
  return runKernel(ClipByValueGrad, composedClip, { dy, x }, attributes)[0]!
}

const composedRelu: ComposedForm<ReluGradInputs, object> = ({ dy, y }) => [mul(dy, step(y))]

const composedRelu6: ComposedForm<ReluGradInputs, object> = ({ dy, y }) => [mul(dy, mul(step(y), step(sub(6, y))))]

const composedClip: ComposedForm<ClipByValueGradInputs, ClipByValueGradAttributes> = ({ dy, x }, attributes) => {
  const kept = logicalAnd(greaterEqual(x, attributes.clipValueMin), lessEqual(x, attributes.clipValueMax))
  return [where(kept, dy, zerosLike(dy))]
}

// They are linear in dy, and what they hold back does not change with the values: so second gradients run as in TensorFlow.js.
registerGradient({
  kernelName: ReluGrad,
  inputsToSave: ['y'],
  gradFunc: (ddx, [y]) => ({ dy: () => reluGrad(ddx as Tensor, y!), y: () => zerosLike(y!) }),
})
registerGradient({
  kernelName: Relu6Grad,
  inputsToSave: ['y'],
  gradFunc: (ddx, [y]) => ({ dy: () => relu6Grad(ddx as Tensor, y!), y: () => zerosLike(y!) }),
})
registerGradient({
  kernelName: ClipByValueGrad,
  inputsToSave: ['x'],
  gradFunc: (ddx, [x], attributes) => ({
    dy: () => clipByValueGrad(ddx as Tensor, x!, attributes as unknown as ClipByValueGradAttributes),
    x: () => zerosLike(x!),
  }),
})
