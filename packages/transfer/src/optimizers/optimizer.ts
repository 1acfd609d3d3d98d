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
      /** Adam with decoupled weight decay. */
      readonly kind: 'adamw'
      /** Share of the old first moment that each step keeps; 0.9 unless given. */
      readonly beta1?: number
      /** Share of the old second moment that each step keeps; 0.999 unless given. */
      readonly beta2?: number
      /** Added to the root of the second moment; 1e-8 unless given. */
      readonly epsilon?: number
      /** Share of a weight that is taken away a step, times the learning rate; weights of rank 1 keep all. None unless given. */
      readonly weightDecay?: number
    }
  | {
      /** Gradient descent with momentum. */
      readonly kind: 'sgd'
      /** Share of the old velocity that each step keeps; 0.9 unless given. */
      readonly momentum?: number
      /** Share of a weight that is taken away a step, times the learning rate; weights of rank 1 keep all. None unless given. */
      readonly weightDecay?: number
    }
