import { adamUpdate } from '@cnnkit/kernels'
import { byRule } from './by-rule.ts'
import type { AdamWSpec, Optimizer } from './optimizer.ts'

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2017, algorithm 2), as `torch.optim.AdamW`; with the coupled one, as
 * `torch.optim.Adam`.
 */
export function adamW(spec: AdamWSpec): Optimizer {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, decay = 'decoupled' } = spec
  return byRule(
    {
      moments: ['zeros', 'zeros'],
      update: (weight, gradient, [mean, square], { rate, step, coupled, kept }) => {
        // Both corrections for the zero start, drawn into the constants: m / (1 - b1^t) over sqrt(v / (1 - b2^t)) + epsilon.
        const corrected = Math.sqrt(1 - beta2 ** step)
        const pull = (rate * corrected) / (1 - beta1 ** step)
        const attributes = { beta1, beta2, epsilon: epsilon * corrected, pull, coupled, kept }
        return adamUpdate({ weight, gradient, mean: mean!, square: square! }, attributes)
      },
    },
    decay,
  )
}
