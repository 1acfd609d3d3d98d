import { adamW } from '../optimizers/adamw.ts'
import type { Optimizer, OptimizerSpec } from '../optimizers/optimizer.ts'
import { sgd } from '../optimizers/sgd.ts'
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
  /** Share of each label that is spread over all classes (Szegedy et al. 2015, section 7); none unless given. */
  readonly labelSmoothing?: number
}

/** For a linear head on a frozen body. */
export const headRecipe: Recipe = {
  optimizer: { kind: 'adamw', weightDecay: 0.3 },
  learningRate: 1e-2,
  schedule: { kind: 'cosine' },
}

/** For the last stages of a pretrained body under a fresh head: the body moves slowly, to keep what it knows. */
export const fineTuneRecipe: Recipe = {
  optimizer: { kind: 'adamw', weightDecay: 0.1 },
  learningRate: 1e-2,
  bodyRate: 0.03,
  schedule: { kind: 'cosine', warmUp: 0.1 },
}

/** For a network that starts from fresh weights. */
export const scratchRecipe: Recipe = {
  optimizer: { kind: 'adamw', weightDecay: 0.01 },
  learningRate: 3e-3,
  schedule: { kind: 'cosine', warmUp: 0.1 },
}

/** The optimizer that a recipe names. The caller disposes it. */
export function optimizerOf(recipe: Recipe): Optimizer {
  return recipe.optimizer.kind === 'adamw' ? adamW(recipe.optimizer) : sgd(recipe.optimizer)
}
