import type { Recipe } from '../recipes/recipe.ts'
import { type PlateauState, plateauAfter, plateauStart } from '../schedules/plateau.ts'
import { scheduleFactor } from '../schedules/schedule.ts'
import type { EpochSummary } from './progress.ts'

/** How long a run is. */
export interface RunLength {
  readonly epochs: number
  /** Of an epoch. */
  readonly batches: number
  /** Batches whose gradients add up to one step. */
  readonly accumulate: number
}

/** The learning rate of a run, with what its schedule has seen. */
export class RateCourse {
  /** Where a plateau stands; a resumed run sets it. */
  plateau: PlateauState = plateauStart
  private readonly recipe: Recipe
  private readonly length: RunLength

  constructor(recipe: Recipe, length: RunLength) {
    this.recipe = recipe
    this.length = length
  }

  /** The rate at a batch of an epoch, both from 0. Batches that add up to one step have one rate. */
  at(epoch: number, batch: number): number {
    const { epochs, batches, accumulate } = this.length
    const stepsPerEpoch = Math.ceil(batches / accumulate)
    const step = epoch * stepsPerEpoch + Math.floor(batch / accumulate)
    const { schedule, learningRate } = this.recipe
    const { reductions } = this.plateau
    return learningRate * scheduleFactor(schedule, step, epochs * stepsPerEpoch, { stepsPerEpoch, reductions })
  }

  /** Takes note of what an epoch came to. */
  watch({ loss, accuracy, validationLoss, validationAccuracy }: EpochSummary): void {
    const { schedule } = this.recipe
    if (schedule.kind !== 'plateau') return
    const figure = schedule.watch === 'accuracy' ? (validationAccuracy ?? accuracy) : (validationLoss ?? loss)
    this.plateau = plateauAfter(schedule, this.plateau, figure)
  }
}
