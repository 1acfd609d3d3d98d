import type { UpdateAttributes } from '@cnnkit/kernels'
import { ones, type Tensor, tidy, type Variable, variable, zeros } from '@tensorflow/tfjs-core'
import type { Optimizer, WeightDecaySpec } from './optimizer.ts'

/** What tells one optimizer from another. */
export interface Rule {
  /** What it keeps of each weight, by what that starts from. */
  readonly moments: readonly ('zeros' | 'ones')[]
  /** The weight after a step, and the moments in their order: new tensors. It runs in a `tidy`. */
  update(weight: Tensor, gradient: Tensor, moments: readonly Tensor[], pace: Pace): readonly Tensor[]
}

/** How a weight moves in one step. */
export interface Pace extends Pick<UpdateAttributes, 'coupled' | 'kept'> {
  /** The learning rate. */
  readonly rate: number
  /** From 1. */
  readonly step: number
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
        const coupled = decay === 'coupled' ? weightDecay : 0
        const kept = decay === 'decoupled' ? 1 - rate * weightDecay : 1
        tidy(() => {
          const after = rule.update(weight, gradient, own, { rate, step: steps - since, coupled, kept })
          ;[weight, ...own].forEach((variable, v) => {
            variable.assign(after[v]!)
          })
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
