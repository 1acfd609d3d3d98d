import { adamW } from './adamw.ts'
import type { Optimizer, OptimizerSpec } from './optimizer.ts'
import { rmsProp } from './rmsprop.ts'
import { sgd } from './sgd.ts'

/** The optimizer that a spec names. The caller disposes it. */
export function makeOptimizer(spec: OptimizerSpec): Optimizer {
  switch (spec.kind) {
    case 'adamw':
      return adamW(spec)
    case 'rmsprop':
      return rmsProp(spec)
    default:
      return sgd(spec)
  }
}
