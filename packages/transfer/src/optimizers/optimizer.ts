import type { NamedTensorMap, Tensor, Variable } from '@tensorflow/tfjs-core'

/** A rule that moves weights along their gradients. It holds tensors: dispose it. */
export interface Optimizer {
  /**
   * One step. The variables are the same ones in the same order each time.
   *
   * @param gradients by the variables' names; the caller disposes them
   * @param rates the learning rate of each variable
   */
  step(variables: readonly Variable[], gradients: NamedTensorMap, rates: readonly number[]): void
  /** What a resumed run needs to go on exactly: moments in the order of the variables, and the count of steps. */
  state(): OptimizerState
  /** Takes over a state; its tensors are copied. */
  restore(state: OptimizerState): void
  dispose(): void
}

/** See {@link Optimizer.state}. The tensors are the optimizer's own: read them, do not dispose them. */
export interface OptimizerState {
  readonly steps: number
  readonly moments: readonly Tensor[]
}

/** Which rule, with its constants, as data. */
export type OptimizerSpec =
  | {
      readonly kind: 'adamw'
      readonly beta1?: number
      readonly beta2?: number
      readonly epsilon?: number
      readonly weightDecay?: number
    }
  | { readonly kind: 'sgd'; readonly momentum?: number; readonly weightDecay?: number }
