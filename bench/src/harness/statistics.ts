/** Where the middle of some values lies, and how far they spread. */
export interface Spread {
  readonly median: number
  /** The first and the third quartile. */
  readonly quartiles: readonly [number, number]
}

/** Median and quartiles, interpolated between neighbours (type 7 of Hyndman and Fan 1996, as in NumPy). */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  return { median: quantile(sorted, 0.5), quartiles: [quantile(sorted, 0.25), quantile(sorted, 0.75)] }
}

function quantile(sorted: readonly number[], share: number): number {
  const at = (sorted.length - 1) * share
  const [below, above] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!]
  return below + (above - below) * (at - Math.floor(at))
}

/**
 * How many times as much `theirs` takes as `ours`: the spread of the ratios of turns that were taken in the same round,
 * so that a machine that slows down for a while slows both. One that had fewer turns is compared with our median.
 */
export function ratio(theirs: readonly number[], ours: readonly number[]): Spread {
  const partner = (round: number): number => (theirs.length === ours.length ? ours[round]! : spread(ours).median)
  return spread(theirs.map((value, round) => value / partner(round)))
}

/** How far two results are apart: max |a - b| / max |b|; infinite where their lengths differ or a value is none. */
export function relativeError(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length || b.length === 0) return Number.POSITIVE_INFINITY
  const largest = b.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const worst = a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0)
  const error = worst === 0 ? 0 : worst / largest
  return Number.isNaN(error) || !a.every(Number.isFinite) ? Number.POSITIVE_INFINITY : error
}
