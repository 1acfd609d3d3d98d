import { add, mul, ones, sub, type Tensor, tidy, type Variable, variable, zeros } from '@tensorflow/tfjs-core'
import type { Optimizer, WeightDecaySpec } from './optimizer.ts'

/** What tells one optimizer from another. */
export interface Rule {
  /** What it keeps of each weight, by what that starts from. */
  readonly moments: readonly ('zeros' | 'ones')[]
  /**
   * What is taken from a weight. It moves the moments on; it runs in a `tidy`.
   *
   * @param step from 1
   */
  movement(gradient: Tensor, moments: readonly Variable[], rate: number, step: number): Tensor
}

/** An optimizer that moves weights by a rule, with weight decay in one of its two forms. */
export function byRule(rule: Rule, decay: NonNullable<WeightDecaySpec['decay']>): Optimizer {
  const count = rule.moments.length
  let steps = 0
  let moments: Variable[] = []
  const fresh = (weight: Variable): Variable[] =>
    rule.moments.map((start) =>
      tidy(() => variable(start === 'ones' ? ones(weight.shape) : zeros(weight.shape), false)),
    )
  return {
    step: (variables, gradients, moves) => {
      if (moments.length === 0) moments = variables.flatMap(fresh)
      steps++
      variables.forEach((weight, i) => {
        const gradient = gradients[weight.name]
        if (!gradient) return
        const { rate, weightDecay, since = 0 } = moves[i]!
        const own = moments.slice(count * i, count * (i + 1))
        tidy(() => {
          const pulled = weightDecay > 0 && decay === 'coupled' ? add(gradient, mul(weight, weightDecay)) : gradient
          const shrunk = weightDecay > 0 && decay === 'decoupled' ? mul(weight, 1 - rate * weightDecay) : weight
          weight.assign(sub(shrunk, rule.movement(pulled, own, rate, steps - since)))
        })
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
