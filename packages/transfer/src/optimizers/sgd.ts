import { add, mul, sub, tidy, type Variable, variable, zerosLike } from '@tensorflow/tfjs-core'
import type { Optimizer, OptimizerSpec } from './optimizer.ts'

/**
 * Gradient descent with momentum, as `torch.optim.SGD`: `velocity = momentum * velocity + gradient`, `weight -= rate *
 * velocity`. The weight decay is decoupled: weights of rank 2 and more shrink by `rate * weightDecay` beside it.
 */
export function sgd({ momentum = 0.9, weightDecay = 0 }: Extract<OptimizerSpec, { kind: 'sgd' }>): Optimizer {
  let steps = 0
  let velocities: Variable[] = []
  return {
    step: (variables, gradients, rates) => {
      if (velocities.length === 0)
        velocities = variables.map((weight) => tidy(() => variable(zerosLike(weight), false)))
      steps++
      variables.forEach((weight, i) => {
        const gradient = gradients[weight.name]
        if (!gradient) return
        const rate = rates[i]!
        tidy(() => {
          const velocity = velocities[i]!
          velocity.assign(add(mul(velocity, momentum), gradient))
          const decayed = weightDecay > 0 && weight.rank > 1 ? mul(weight, 1 - rate * weightDecay) : weight
          weight.assign(sub(decayed, mul(velocity, rate)))
        })
      })
    },
    state: () => ({ steps, moments: velocities }),
    restore: (state) => {
      const before = velocities
      steps = state.steps
      velocities = state.moments.map((tensor) => variable(tensor, false))
      for (const tensor of before) tensor.dispose()
    },
    dispose: () => {
      for (const tensor of velocities) tensor.dispose()
      velocities = []
    },
  }
}
