import type { EpochSummary } from '@cnnkit/transfer'

/** A run as {@link stepsToAccuracy} reads it. */
export interface MeasuredRun {
  readonly name: string
  readonly history: readonly EpochSummary[]
  readonly stepsPerEpoch: number
}

/** How many steps each run took to an accuracy. */
export interface StepsToAccuracy {
  /** On held-out pictures, 0 to 1. */
  readonly accuracy: number
  /** By the run's name; absent where it never got there. Counted in whole epochs, as it is measured after each. */
  readonly steps: Readonly<Record<string, number | undefined>>
}

/**
 * The first steps at which each run was at least as accurate on held-out pictures as each run at its best: an ascending list, without
 * doubles.
 */
export function stepsToAccuracy(runs: readonly MeasuredRun[]): readonly StepsToAccuracy[] {
  const bests = runs.map(({ history }) => Math.max(...history.map(heldOut)))
  const targets = [...new Set(bests)].filter((best) => best > 0).sort((a, b) => a - b)
  return targets.map((accuracy) => ({
    accuracy,
    steps: Object.fromEntries(runs.map((run) => [run.name, firstStep(run, accuracy)])),
  }))
}

const heldOut = ({ validationAccuracy = 0 }: EpochSummary): number => validationAccuracy

function firstStep({ history, stepsPerEpoch }: MeasuredRun, accuracy: number): number | undefined {
  const epoch = history.findIndex((each) => heldOut(each) >= accuracy)
  return epoch < 0 ? undefined : (epoch + 1) * stepsPerEpoch
}
