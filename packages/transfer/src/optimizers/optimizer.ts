import type { NamedTensorMap, Tensor, Variable } from '@tensorflow/tfjs-core'

/** A rule that moves weights along their gradients. It holds tensors: dispose it. */
export interface Optimizer {
  /**
   * One step. The variables are the same ones in the same order each time; one without a gradient stays where it is.
   *
   * @param gradients by the variables' names; the caller disposes them
   * @param moves how fast each variable goes
   */
  step(variables: readonly Variable[], gradients: NamedTensorMap, moves: readonly Move[]): void
  /** What a resumed run needs to go on exactly: moments in the order of the variables, and the count of steps. */
  state(): OptimizerState
  /** Takes over a state; its tensors are copied. */
  restore(state: OptimizerState): void
  dispose(): void
}

/** How fast a variable goes in one step. */
export interface Move {
  /** The learning rate. */
  readonly rate: number
  /** Share of it that decays, times the rate. */
  readonly weightDecay: number
  /** Steps before the first that moves it: its moments start then, and so does their correction. None unless given. */
  readonly since?: number
}

/** See {@link Optimizer.state}. The tensors are the optimizer's own: read them, do not dispose them. */
export interface OptimizerState {
  readonly steps: number
  readonly moments: readonly Tensor[]
}

/** Which rule, with its constants, as data. */
export type OptimizerSpec = AdamWSpec | SgdSpec | RmsPropSpec

/** How weights are pulled to zero. */
export interface WeightDecaySpec {
  /** Share of a weight that is taken away a step, times the learning rate. None unless given. */
  readonly weightDecay?: number
  /**
   * `decoupled`: beside the rule, as AdamW and Keras' `weight_decay` (Loshchilov and Hutter 2017). `coupled`: into the gradient before
   * the rule, as an L2 term in the loss or PyTorch's `weight_decay` of SGD and RMSprop; the papers up to 2017 mean this one.
   */
  readonly decay?: 'decoupled' | 'coupled'
  /**
   * Which weights decay: those of rank 2 and more (`kernels`, unless given), those but the depthwise ones, or all: biases and norms too, as
   * PyTorch does unless told otherwise.
   */
  readonly decayed?: 'kernels' | 'kernels-but-depthwise' | 'all'
}

/** Adam with weight decay, decoupled unless given. */
export interface AdamWSpec extends WeightDecaySpec {
  /** Tells this rule from the others. */
  readonly kind: 'adamw'
  /** Share of the old first moment that each step keeps; 0.9 unless given. */
  readonly beta1?: number
  /** Share of the old second moment that each step keeps; 0.999 unless given. */
  readonly beta2?: number
  /** Added to the root of the second moment; 1e-8 unless given. */
  readonly epsilon?: number
}

/** Gradient descent with momentum; weight decay is decoupled unless given. */
export interface SgdSpec extends WeightDecaySpec {
  /** Tells this rule from the others. */
  readonly kind: 'sgd'
  /** Share of the old velocity that each step keeps; 0.9 unless given. */
  readonly momentum?: number
  /** Whether the gradient is taken, in effect, where the velocity leads (Nesterov 1983, as Sutskever et al. 2013 have it). No unless given. */
  readonly nesterov?: boolean
  /**
   * What the velocity sums up: `gradients`, which the rate of the step then scales (PyTorch, TensorFlow's MomentumOptimizer; unless given), or
   * `steps`, each with the rate of its time (Krizhevsky et al. 2012, Caffe, Keras). The two differ only where the rate changes.
   */
  readonly velocity?: 'gradients' | 'steps'
}

/** Gradients over the root of their mean square (Tieleman and Hinton 2012); weight decay is coupled unless given. */
export interface RmsPropSpec extends WeightDecaySpec {
  /** Tells this rule from the others. */
  readonly kind: 'rmsprop'
  /**
   * Whose: `tensorflow` adds epsilon inside the root, starts the mean square from one and sums steps in its velocity
   * (`tf.train.RMSPropOptimizer`, by which the Inceptions, MobileNets and NASNet were trained; unless given); `keras` starts from zero;
   * `torch` starts from zero, adds epsilon to the root, and sums gradients.
   */
  readonly form?: 'tensorflow' | 'keras' | 'torch'
  /** Share of the old mean square that each step keeps; 0.9 unless given. PyTorch calls it alpha, and has 0.99. */
  readonly rho?: number
  /** Share of the old velocity that each step keeps; 0 unless given. */
  readonly momentum?: number
  /** See `form`; 1e-10 for `tensorflow`, 1e-7 for `keras`, 1e-8 for `torch` unless given. */
  readonly epsilon?: number
}
