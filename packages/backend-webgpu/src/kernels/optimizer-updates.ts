import {
  AdamUpdate,
  type AdamUpdateAttributes,
  RmsPropUpdate,
  type RmsPropUpdateAttributes,
  SgdUpdate,
  type SgdUpdateAttributes,
} from '@cnnkit/kernels'
import type { WebgpuKernel } from './kernel.ts'
import { pointwise, runPointwise } from './pointwise.ts'

const common = { pull: 'f32', coupled: 'f32', kept: 'f32' } as const
const g = 'let g = gradient[index] + uniforms.coupled * weight[index];'
const move = 'nextWeight[index] = uniforms.kept * weight[index] - uniforms.pull * led;'

const sgd = pointwise(
  SgdUpdate,
  [
    ['weight', 'gradient', 'velocity'],
    ['nextWeight', 'nextVelocity'],
  ],
  { ...common, momentum: 'f32', gain: 'f32', nesterov: 'i32' },
  `${g}
  let next = uniforms.momentum * velocity[index] + uniforms.gain * g;
  nextVelocity[index] = next;
  let led = select(next, uniforms.gain * g + uniforms.momentum * next, uniforms.nesterov == 1);
  ${move}`,
)

const adam = pointwise(
  AdamUpdate,
  [
    ['weight', 'gradient', 'average', 'square'],
    ['nextWeight', 'nextAverage', 'nextSquare'],
  ],
  { ...common, beta1: 'f32', beta2: 'f32', new1: 'f32', new2: 'f32', epsilon: 'f32' },
  `${g}
  let first = uniforms.beta1 * average[index] + uniforms.new1 * g;
  let second = uniforms.beta2 * square[index] + uniforms.new2 * g * g;
  nextAverage[index] = first;
  nextSquare[index] = second;
  let led = first / (sqrt(second) + uniforms.epsilon);
  ${move}`,
)

const rmsUniforms = {
  ...common,
  rho: 'f32',
  new1: 'f32',
  momentum: 'f32',
  gain: 'f32',
  inside: 'f32',
  outside: 'f32',
} as const

const rmsBody = `${g}
  let second = uniforms.rho * square[index] + uniforms.new1 * g * g;
  nextSquare[index] = second;
  let scaled = uniforms.gain * g / (sqrt(second + uniforms.inside) + uniforms.outside);`

const rmsProp = pointwise(
  RmsPropUpdate,
  [
    ['weight', 'gradient', 'square'],
    ['nextWeight', 'nextSquare'],
  ],
  rmsUniforms,
  `${rmsBody}
  let led = scaled;
  ${move}`,
)

const rmsPropMomentum = pointwise(
  `${RmsPropUpdate}Momentum`,
  [
    ['weight', 'gradient', 'square', 'velocity'],
    ['nextWeight', 'nextSquare', 'nextVelocity'],
  ],
  rmsUniforms,
  `${rmsBody}
  let led = uniforms.momentum * velocity[index] + scaled;
  nextVelocity[index] = led;
  ${move}`,
)

/** A step of gradient descent with momentum, in one pass. */
export const sgdUpdate: WebgpuKernel = {
  kernelName: SgdUpdate,
  kernelFunc: ({ backend, inputs: { weight, gradient, velocity }, attributes }) => {
    const { pull, coupled, kept, momentum, gain, nesterov } = attributes as unknown as SgdUpdateAttributes
    const uniforms = [pull, coupled, kept, momentum, gain, nesterov ? 1 : 0]
    return runPointwise(backend, sgd, [weight!, gradient!, velocity!], weight!.shape, uniforms)
  },
}

/** A step of Adam, in one pass. */
export const adamUpdate: WebgpuKernel = {
  kernelName: AdamUpdate,
  kernelFunc: ({ backend, inputs: { weight, gradient, mean, square }, attributes }) => {
    const { pull, coupled, kept, beta1, beta2, epsilon } = attributes as unknown as AdamUpdateAttributes
    // In double precision here: 1 - 0.999 in single is off by 1e-5 of itself.
    const uniforms = [pull, coupled, kept, beta1, beta2, 1 - beta1, 1 - beta2, epsilon]
    return runPointwise(backend, adam, [weight!, gradient!, mean!, square!], weight!.shape, uniforms)
  },
}

/** A step of RMSProp, in one pass. */
export const rmsPropUpdate: WebgpuKernel = {
  kernelName: RmsPropUpdate,
  kernelFunc: ({ backend, inputs: { weight, gradient, square, velocity }, attributes }) => {
    const { pull, coupled, kept, rho, momentum, gain, epsilon, epsilonInside } =
      attributes as unknown as RmsPropUpdateAttributes
    const [inside, outside] = epsilonInside ? [epsilon, 0] : [0, epsilon]
    const uniforms = [pull, coupled, kept, rho, 1 - rho, momentum, gain, inside, outside]
    const inputs = [weight!, gradient!, square!]
    return velocity === undefined
      ? runPointwise(backend, rmsProp, inputs, weight!.shape, uniforms)
      : runPointwise(backend, rmsPropMomentum, [...inputs, velocity], weight!.shape, uniforms)
  },
}
