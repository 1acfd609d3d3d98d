import type { PlateauSpec } from './plateau.ts'

/** What each schedule may begin with. */
export interface WarmUp {
  /** Share of the steps in which the rate first rises in a line to where the schedule has it; none unless given. */
  readonly warmUp?: number
}

/**
 * How the learning rate moves over a run, as data. Epochs are counted from the start of the run, the warm-up included.
 *
 * The formulas are PyTorch's: `StepLR`, `MultiStepLR`, `ExponentialLR`, `CosineAnnealingLR`, `OneCycleLR`, `ReduceLROnPlateau`.
 */
export type Schedule =
  | ({
      /** The same rate throughout. */
      readonly kind: 'constant'
    } & WarmUp)
  | ({
      /** Half a cosine from the highest rate to `final` (Loshchilov and Hutter 2016, "SGDR", without restarts); it begins where the warm-up ends. */
      readonly kind: 'cosine'
      /** Share of the highest rate at the end; none unless given. */
      readonly final?: number
    } & WarmUp)
  | ({
      /** The rate times `factor` at each of some epochs. */
      readonly kind: 'step'
      /** 0.1 unless given. */
      readonly factor?: number
      /** Every so many epochs, or after these numbers of epochs: `30`, `[30, 60]`. */
      readonly at: number | readonly number[]
    } & WarmUp)
  | ({
      /** The rate times `factor` every so many epochs, without an end. */
      readonly kind: 'exponential'
      /** 0.96 is 4 % less. */
      readonly factor: number
      /** Epochs between two reductions; 1 unless given. */
      readonly every?: number
      /** Whether the rate falls a little in each step in place of all at once; no unless given. */
      readonly smooth?: boolean
    } & WarmUp)
  | {
      /** Up along half a cosine, then down along another to nearly nothing (Smith and Topin 2017, as fastai and PyTorch have it). Momentum stays. */
      readonly kind: 'one-cycle'
      /** Share of the steps in which it goes up; 0.3 unless given. */
      readonly warmUp?: number
      /** The rate begins at the highest over so much; 25 unless given. */
      readonly startOver?: number
      /** It ends at where it began over so much; 1e4 unless given. */
      readonly endOver?: number
    }
  | (PlateauSpec & WarmUp)

/** What the factor depends on besides the step. */
export interface ScheduleOptions {
  /** Steps of an epoch; 1 unless given, so that steps are epochs. */
  readonly stepsPerEpoch?: number
  /** How often a plateau has reduced the rate so far; not at all unless given. */
  readonly reductions?: number
}

/**
 * The factor on the learning rate, 0 to 1.
 *
 * @param step from 0: steps in which weights move, not batches where gradients of several add up
 * @param steps of the whole run
 */
export function scheduleFactor(
  schedule: Schedule,
  step: number,
  steps: number,
  { stepsPerEpoch = 1, reductions = 0 }: ScheduleOptions = {},
): number {
  if (schedule.kind === 'one-cycle') return oneCycle(schedule, step, steps)
  const rising = Math.round((schedule.warmUp ?? 0) * steps)
  const rise = step < rising ? (step + 1) / (rising + 1) : 1
  const epoch = step / stepsPerEpoch
  switch (schedule.kind) {
    case 'cosine':
      return step < rising ? rise : cosine(schedule.final ?? 0, (step - rising) / Math.max(1, steps - rising))
    case 'step':
      return rise * (schedule.factor ?? 0.1) ** reached(schedule.at, epoch)
    case 'exponential': {
      const periods = epoch / (schedule.every ?? 1)
      return rise * schedule.factor ** (schedule.smooth ? periods : Math.floor(periods))
    }
    case 'plateau':
      return rise * Math.max((schedule.factor ?? 0.1) ** reductions, schedule.least ?? 0)
    default:
      return rise
  }
}

const reached = (at: number | readonly number[], epoch: number): number =>
  typeof at === 'number' ? Math.floor(epoch / at) : at.filter((mark) => epoch >= mark).length

/** From 1 to `final` along half a cosine, `share` of the way. */
const cosine = (final: number, share: number): number => final + ((1 - final) * (1 + Math.cos(Math.PI * share))) / 2

function oneCycle(
  { warmUp = 0.3, startOver = 25, endOver = 1e4 }: Extract<Schedule, { kind: 'one-cycle' }>,
  step: number,
  steps: number,
): number {
  const start = 1 / startOver
  const top = Math.max(0, warmUp * steps - 1)
  if (step <= top && top > 0) return 1 + start - cosine(start, step / top)
  return cosine(start / endOver, (step - top) / Math.max(1, steps - 1 - top))
}
