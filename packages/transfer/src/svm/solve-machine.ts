import type { Random } from '@cnnkit/images'
import type { ExampleSum, SumMaker } from './sums.ts'

/** What one machine is solved with. */
export interface MachineOptions {
  readonly c?: number
  readonly tolerance?: number
  readonly maxPasses?: number
  readonly random: Random
}

/** One solved machine. */
export interface Machine {
  /** The features' weights, then the bias. */
  readonly weights: Float64Array
  readonly objective: number
  /** Of the objective, the share by which it is above the dual's. */
  readonly gap: number
}

/** Passes between two looks at the gap. */
const LOOK = 5

/**
 * Dual coordinate descent (Hsieh et al. 2008, algorithm 1, without shrinking): minimises `a^T (Q + I / 2C) a / 2 - sum(a)` over
 * `a >= 0`, a coordinate at a time in a new random order each pass, with `w = sum(a y x)` kept along. Each example has one feature more,
 * of value 1, whose weight is the bias.
 *
 * @param sums of the examples
 * @param signs 1 for the class, -1 for the rest
 */
export function solveMachine(sums: SumMaker, signs: Int8Array, options: MachineOptions): Machine {
  const { c = 1, tolerance = 1e-4, maxPasses = 2000, random } = options
  const diagonal = 1 / (2 * c)
  const sum = sums()
  const alphas = new Float64Array(signs.length)
  const rows = Array.from(signs.keys())
  let best = gapOf(sum, alphas, signs, c)
  for (let pass = 1; pass <= maxPasses && best.gap > tolerance; pass++) {
    for (const row of random.shuffle(rows)) {
      const sign = signs[row]!
      const before = alphas[row]!
      const gradient = sign * sum.output(row) - 1 + diagonal * before
      const after = Math.max(0, before - gradient / (sum.square(row) + diagonal))
      if (after === before) continue
      alphas[row] = after
      sum.add(row, (after - before) * sign)
    }
    if (pass % LOOK === 0 || pass === maxPasses) best = gapOf(sum, alphas, signs, c)
  }
  return { weights: sum.weights(), ...best }
}

/** The primal objective and its distance from the dual's, which no solution is below. */
function gapOf(sum: ExampleSum, alphas: Float64Array, signs: Int8Array, c: number): Omit<Machine, 'weights'> {
  const regular = sum.norm() / 2
  let [hinge, dual] = [0, -regular]
  for (let row = 0; row < signs.length; row++) {
    hinge += Math.max(0, 1 - signs[row]! * sum.output(row)) ** 2
    dual += alphas[row]! - alphas[row]! ** 2 / (4 * c)
  }
  const objective = regular + c * hinge
  return { objective, gap: objective > 0 ? (objective - dual) / objective : 0 }
}
