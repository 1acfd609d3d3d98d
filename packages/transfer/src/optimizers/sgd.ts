import { add, mul, type Tensor, type Variable } from '@tensorflow/tfjs-core'
import { byRule } from './by-rule.ts'
import type { Optimizer, SgdSpec } from './optimizer.ts'

/**
 * Gradient descent with momentum. `velocity = momentum * velocity + gradient`, `weight -= rate * velocity`, as `torch.optim.SGD`; or with
 * `velocity: 'steps'` as Keras' SGD: `velocity = momentum * velocity + rate * gradient`, `weight -= velocity`.
 */
export function sgd(spec: SgdSpec): Optimizer {
  const { momentum = 0.9, nesterov = false, velocity: sums = 'gradients', decay = 'decoupled' } = spec
  const movement = (gradient: Tensor, [velocity]: readonly Variable[], rate: number): Tensor => {
    const newest = sums === 'steps' ? mul(gradient, rate) : gradient
    velocity!.assign(add(mul(velocity!, momentum), newest))
    const led = nesterov ? add(newest, mul(velocity!, momentum)) : velocity!
    return sums === 'steps' ? led : mul(led, rate)
  }
  return byRule({ moments: ['zeros'], movement }, decay)
}
