import { add, div, mul, sqrt, square, type Tensor, type Variable } from '@tensorflow/tfjs-core'
import { byRule } from './by-rule.ts'
import type { Optimizer, RmsPropSpec } from './optimizer.ts'

const EPSILON = { tensorflow: 1e-10, keras: 1e-7, torch: 1e-8 } as const

/**
 * RMSProp, in one of three forms that differ in the start of the mean square, in where epsilon stands, and in what the velocity
 * sums up: `tf.compat.v1.train.RMSPropOptimizer`, `keras.optimizers.RMSprop`, `torch.optim.RMSprop`.
 *
 * With an epsilon of 1, which Inception v3 has, the place matters: inside the root the step never exceeds the gradient times
 * the rate.
 */
export function rmsProp(spec: RmsPropSpec): Optimizer {
  const { form = 'tensorflow', rho = 0.9, momentum = 0, epsilon = EPSILON[form], decay = 'coupled' } = spec
  const movement = (gradient: Tensor, [meanSquare, velocity]: readonly Variable[], rate: number): Tensor => {
    meanSquare!.assign(add(mul(meanSquare!, rho), mul(square(gradient), 1 - rho)))
    const root = form === 'torch' ? add(sqrt(meanSquare!), epsilon) : sqrt(add(meanSquare!, epsilon))
    const scaled = div(gradient, root)
    const newest = form === 'torch' ? scaled : mul(scaled, rate)
    velocity?.assign(add(mul(velocity, momentum), newest))
    const led = velocity ?? newest
    return form === 'torch' ? mul(led, rate) : led
  }
  const start = form === 'tensorflow' ? 'ones' : 'zeros'
  return byRule({ moments: momentum > 0 ? [start, 'zeros'] : [start], movement }, decay)
}
