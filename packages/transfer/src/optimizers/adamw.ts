import { add, div, mul, sqrt, square } from '@tensorflow/tfjs-core'
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
      movement: (gradient, [m, v], rate, step) => {
        m!.assign(add(mul(m!, beta1), mul(gradient, 1 - beta1)))
        v!.assign(add(mul(v!, beta2), mul(square(gradient), 1 - beta2)))
        // Both corrections for the zero start, drawn into the constants: m / (1 - b1^t) over sqrt(v / (1 - b2^t)) + epsilon.
        const corrected = Math.sqrt(1 - beta2 ** step)
        return mul(div(m!, add(sqrt(v!), epsilon * corrected)), (rate * corrected) / (1 - beta1 ** step))
      },
    },
    decay,
  )
}
