import { CnnkitError } from '@cnnkit/errors'

/**
 * From which value on a place of a map belongs to the object: a share of the maximum, 0 to 1 (Zhou et al. 2016 take 0.2);
 * `'otsu'`, which parts the values into two groups that differ most (Otsu 1979, as OpenCV on 256 levels); or a percentile of
 * the values, 0 to 100 (as NumPy's: 80 keeps the strongest fifth).
 */
export type Threshold =
  | number
  | 'otsu'
  | {
      /** 0 to 100. */
      readonly percentile: number
    }

/** The value from which on, or for `otsu` above which, places belong to the object. @throws `INVALID_THRESHOLD` */
export function thresholdOf(values: Float32Array, threshold: Threshold): (value: number) => boolean {
  if (threshold === 'otsu') {
    const level = otsuLevel(values)
    return (value) => Math.floor(255 * value) > level
  }
  if (typeof threshold === 'number') {
    check(threshold, 1, 'A share of the maximum lies between 0 and 1')
    const least = threshold * values.reduce((most, value) => Math.max(most, value), 0)
    // Zhou's own program takes what lies above; at 0 that leaves out the places that do not speak for the target.
    return (value) => value > least || (threshold === 1 && value === least)
  }
  check(threshold.percentile, 100, 'A percentile lies between 0 and 100')
  const least = percentileOf(values, threshold.percentile)
  return (value) => value >= least
}

/** The value below which so many per cent of the values lie, between two of them in a straight line, as NumPy's `percentile`. */
export function percentileOf(values: Float32Array, percentile: number): number {
  const sorted = Float32Array.from(values).sort()
  const at = (percentile / 100) * (sorted.length - 1)
  const before = Math.floor(at)
  const [low, high] = [sorted[before]!, sorted[Math.min(before + 1, sorted.length - 1)]!]
  return low + (high - low) * (at - before)
}

/** Otsu's level of values from 0 to 1, 0 to 255: the groups are those up to it and those above. */
function otsuLevel(values: Float32Array): number {
  const counts = new Float64Array(256)
  for (const value of values) counts[Math.floor(255 * value)]!++
  const total = counts.reduce((sum, count, level) => sum + count * level, 0)
  let [best, level, below, sumBelow] = [0, 0, 0, 0]
  for (const [i, count] of counts.entries()) {
    below += count
    sumBelow += i * count
    const above = values.length - below
    if (below === 0 || above === 0) continue
    const between = below * above * (sumBelow / below - (total - sumBelow) / above) ** 2
    if (between > best) [best, level] = [between, i]
  }
  return level
}

function check(value: number, most: number, what: string): void {
  if (value >= 0 && value <= most) return
  throw new CnnkitError('cam', 'INVALID_THRESHOLD', `The threshold is ${value}. ${what}.`)
}
