/** A step of a search: the loss that the weights had when the rate was reached. */
export interface RatePoint {
  /** The learning rate of the step. */
  readonly rate: number
  /** Of the batch, in nats. */
  readonly loss: number
  /** Its mean over the steps so far, of which the newer count more. */
  readonly smoothed: number
}

/** Which rates a search suggests; `undefined` where there were too few points. */
export interface RateSuggestion {
  /** The lower of the other two: the one to begin with. */
  readonly suggestion: number | undefined
  /** The rate at which the smoothed loss falls fastest over the logarithm of the rate. */
  readonly steepest: number | undefined
  /** A tenth of the rate at which the smoothed loss is least: too high where the pictures are learnt by heart on the way. */
  readonly tenthOfLeast: number | undefined
}

/** The last points are where the loss is already on its way up. */
const LAST = 5

/**
 * What fastai's `minimum` and `steep` suggest, of the points without the first tenth of the steps, which is settling, and the last
 * five.
 *
 * @param steps that were planned
 */
export function suggestRate(points: readonly RatePoint[], steps: number): RateSuggestion {
  const seen = points.slice(Math.floor(steps / 10), -LAST)
  if (seen.length < 2) return { suggestion: undefined, steepest: undefined, tenthOfLeast: undefined }
  const lowest = least(seen, ({ smoothed }) => smoothed)
  const slopes = seen.slice(1).map((point, i) => {
    const before = seen[i]!
    return { rate: before.rate, slope: (point.smoothed - before.smoothed) / Math.log(point.rate / before.rate) }
  })
  const steepest = least(slopes, ({ slope }) => slope).rate
  const tenthOfLeast = lowest.rate / 10
  return { suggestion: Math.min(steepest, tenthOfLeast), steepest, tenthOfLeast }
}

function least<T>(list: readonly T[], value: (one: T) => number): T {
  return list.reduce((best, one) => (value(one) < value(best) ? one : best))
}
