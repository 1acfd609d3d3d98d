import {
  add,
  div,
  mul,
  sqrt,
  square,
  sub,
  type Tensor,
  tidy,
  type Variable,
  variable,
  zerosLike,
} from '@tensorflow/tfjs-core'
import type { Optimizer, OptimizerSpec } from './optimizer.ts'

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2017, algorithm 2), as `torch.optim.AdamW`: weights of rank 1
 * (biases, norms) are not decayed.
 */
export function adamW(spec: Extract<OptimizerSpec, { kind: 'adamw' }>): Optimizer {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 } = spec
  let steps = 0
  let moments: Variable[] = []

  const move = (weight: Variable, gradient: Tensor, m: Variable, v: Variable, rate: number): void => {
    m.assign(add(mul(m, beta1), mul(gradient, 1 - beta1)))
    v.assign(add(mul(v, beta2), mul(square(gradient), 1 - beta2)))
    // Both corrections for the zero start, drawn into the constants: m / (1 - b1^t) over sqrt(v / (1 - b2^t)) + epsilon.
    const corrected = Math.sqrt(1 - beta2 ** steps)
    const size = (rate * corrected) / (1 - beta1 ** steps)
    const decayed = weightDecay > 0 && weight.rank > 1 ? mul(weight, 1 - rate * weightDecay) : weight
    weight.assign(sub(decayed, mul(div(m, add(sqrt(v), epsilon * corrected)), size)))
  }

  return {
    step: (variables, gradients, rates) => {
      if (moments.length === 0) moments = variables.flatMap((weight) => [moment(weight), moment(weight)])
      steps++
      variables.forEach((weight, i) => {
        const gradient = gradients[weight.name]
        if (gradient) tidy(() => move(weight, gradient, moments[2 * i]!, moments[2 * i + 1]!, rates[i]!))
      })
    },
    state: () => ({ steps, moments }),
    restore: (state) => {
      const before = moments
      steps = state.steps
      moments = state.moments.map((tensor) => variable(tensor, false))
      for (const tensor of before) tensor.dispose()
    },
    dispose: () => {
      for (const tensor of moments) tensor.dispose()
      moments = []
    },
  }
}

const moment = (weight: Variable): Variable => tidy(() => variable(zerosLike(weight), false))
