import type { Results } from './small-network.ts'

/** How far a network's results are from others. */
export interface Differences {
  readonly output: number
  readonly map: number
  /** Of all weights, by the largest value of any. */
  readonly gradient: number
  /** The weight whose gradient differs most. */
  readonly worst: string
}

/** By the largest value that is right: max |a - b| / max |b|. */
export function differences(actual: Results, expected: Results): Differences {
  const names = Object.keys(expected.gradients)
  const apart = names.map((name) => worstDifference(actual.gradients[name]!, expected.gradients[name]!))
  const largest = Math.max(...names.map((name) => largestOf(expected.gradients[name]!)))
  return {
    output: worstDifference(actual.output, expected.output) / largestOf(expected.output),
    map: worstDifference(actual.map, expected.map) / largestOf(expected.map),
    gradient: Math.max(...apart) / largest,
    worst: names[apart.indexOf(Math.max(...apart))]!,
  }
}

function largestOf(values: Float32Array): number {
  return values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0)
}

/** NaN where any value is. */
function worstDifference(actual: Float32Array, expected: Float32Array): number {
  return expected.reduce((worst, value, i) => Math.max(worst, Math.abs(actual[i]! - value)), 0)
}
