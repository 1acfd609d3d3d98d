import { rmsPropUpdate } from '@cnnkit/kernels'
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
  const torch = form === 'torch'
  const start = form === 'tensorflow' ? 'ones' : 'zeros'
  return byRule(
    {
      moments: momentum > 0 ? [start, 'zeros'] : [start],
      update: (weight, gradient, [square, velocity], { rate, coupled, kept }) => {
        const [gain, pull] = torch ? [1, rate] : [rate, 1]
        const inputs = { weight, gradient, square: square!, ...(velocity && { velocity }) }
        return rmsPropUpdate(inputs, { rho, momentum, epsilon, epsilonInside: !torch, gain, pull, coupled, kept })
      },
    },
    decay,
  )
}
