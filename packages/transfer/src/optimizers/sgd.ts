import { sgdUpdate } from '@cnnkit/kernels'
import { byRule } from './by-rule.ts'
import type { Optimizer, SgdSpec } from './optimizer.ts'

/**
 * Gradient descent with momentum. `velocity = momentum * velocity + gradient`, `weight -= rate * velocity`, as `torch.optim.SGD`; or with
 * `velocity: 'steps'` as Keras' SGD: `velocity = momentum * velocity + rate * gradient`, `weight -= velocity`.
 */
export function sgd(spec: SgdSpec): Optimizer {
  const { momentum = 0.9, nesterov = false, velocity: sums = 'gradients', decay = 'decoupled' } = spec
  const sumsSteps = sums === 'steps'
  return byRule(
    {
      moments: ['zeros'],
      update: (weight, gradient, [velocity], { rate, coupled, kept }) => {
        const [gain, pull] = sumsSteps ? [rate, 1] : [1, rate]
        return sgdUpdate({ weight, gradient, velocity: velocity! }, { momentum, gain, nesterov, pull, coupled, kept })
      },
    },
    decay,
  )
}
