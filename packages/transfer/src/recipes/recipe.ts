import type { ValueLoss } from '../objective/objective.ts'
import type { Average } from '../optimizers/average.ts'
import type { Clipping } from '../optimizers/clipping.ts'
import type { OptimizerSpec } from '../optimizers/optimizer.ts'
import type { StageRates } from '../policy/rates.ts'
import type { Schedule } from '../schedules/schedule.ts'

/** How a network is trained: the rule, how fast, and what holds it back. Plain data. */
export interface Recipe {
  /** The rule that moves the weights. */
  readonly optimizer: OptimizerSpec
  /** The highest rate of the run; the schedule scales it down. */
  readonly learningRate: number
  /** How the rate goes over the run. */
  readonly schedule: Schedule
  /** Factor on the rate of all layers below the head (Howard and Ruder 2018, "discriminative fine-tuning"); 1 unless given. */
  readonly bodyRate?: number
  /** Factors on the rate by stage, in place of `bodyRate`. */
  readonly rates?: StageRates
  /** The loss where the outputs are quantities; the squared error unless given. Classes have the cross-entropy, tags the binary one. */
  readonly loss?: ValueLoss
  /** Share of each label that is spread over all classes (Szegedy et al. 2015, section 7); none unless given. */
  readonly labelSmoothing?: number
  /** What holds gradients back; nothing unless given. */
  readonly clipping?: Clipping
  /** Averages the weights: held-out pictures are measured with the averages, and the run ends with them. Not unless given. */
  readonly average?: Average
  /**
   * `'frozen'`: the batch norms below the head keep what they came with, whatever the policy trains, and normalise by it in training too, as
   * Keras' guide to fine-tuning asks for. A short run moves their statistics too little to follow the weights (a hundred steps
   * a time constant in Keras' networks), and networks that learnt well then say nonsense. `'trained'` unless given.
   */
  readonly norms?: 'frozen' | 'trained'
  /** Weight in the loss of each auxiliary head, where the network has such (`createModel('googlenet', { auxiliary: true })`); 0 unless given. */
  readonly auxiliaryWeight?: number
}

/** For a linear head on a frozen body. */
export const headRecipe: Recipe = {
  optimizer: { kind: 'adamw', weightDecay: 0.3 },
  learningRate: 1e-2,
  schedule: { kind: 'cosine' },
}

/** For the last stages of a pretrained body under a fresh head: the body moves slowly, to keep what it knows, and its norms stay. */
export const fineTuneRecipe: Recipe = {
  optimizer: { kind: 'adamw', weightDecay: 0.1 },
  learningRate: 1e-2,
  bodyRate: 0.003,
  norms: 'frozen',
  schedule: { kind: 'cosine', warmUp: 0.1 },
}

/** For a network that starts from fresh weights. */
export const scratchRecipe: Recipe = {
  optimizer: { kind: 'adamw', weightDecay: 0.01 },
  learningRate: 3e-3,
  schedule: { kind: 'cosine', warmUp: 0.1 },
}

/**
 * For the whole of a pretrained network under a fresh head, as it is done today: AdamW in one cycle, slower from stage to stage
 * downwards, labels smoothed, gradients held. Take the rate from `lrFind`.
 */
export const oneCycleRecipe: Recipe = {
  optimizer: { kind: 'adamw', weightDecay: 0.05 },
  learningRate: 2e-3,
  rates: { decay: 2.6 },
  schedule: { kind: 'one-cycle' },
  labelSmoothing: 0.1,
  clipping: { kind: 'norm', at: 1 },
}
