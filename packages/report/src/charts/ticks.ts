/** At most about `count` whole numbers from `low` to `high`, at a step of 1, 2 or 5 times a power of ten. */
export function wholeTicks(low: number, high: number, count: number): number[] {
  const rough = Math.max(1, (high - low) / count)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? rough
  const first = Math.ceil(low / step)
  return Array.from({ length: Math.floor(high / step) - first + 1 }, (_, index) => (first + index) * step)
}

/** The axis of shares in percent: up to 100, from a multiple of ten below the lowest, from 0 if that is below a half. */
export function percentDomain(shares: number[]): [low: number, high: number] {
  const lowest = Math.min(1, ...shares.filter(Number.isFinite))
  return [lowest < 0.5 ? 0 : Math.min(90, Math.floor(lowest * 10) * 10), 100]
}

/** The powers of ten around positive values, for a logarithmic axis. */
export function decades(values: number[]): number[] {
  const low = Math.floor(Math.log10(Math.min(...values)))
  const high = Math.ceil(Math.log10(Math.max(...values)))
  return Array.from({ length: high - low + 1 }, (_, index) => 10 ** (low + index))
}

/** A power of ten as an axis says it: `0.01`, `100`, `1e7`. */
export const decade = (power: number): string =>
  power >= 1e6 || power < 1e-4 ? power.toExponential(0).replace('e+', 'e') : `${Number(power.toPrecision(1))}`
