import type { Random } from '@cnnkit/images'

/** What one machine is solved with. */
export interface MachineOptions {
  /** Features of an example. */
  readonly width: number
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

/** Passes between two looks at the gap, which costs as much as a pass. */
const LOOK = 5

/**
 * Dual coordinate descent (Hsieh et al. 2008, algorithm 1, without shrinking): minimises `a^T (Q + I / 2C) a / 2 - sum(a)` over
 * `a >= 0`, a coordinate at a time in a new random order each pass, with `w = sum(a y x)` kept along. Each example has one feature more,
 * of value 1, whose weight is the bias.
 *
 * @param values `[examples, features]`, row by row
 * @param signs 1 for the class, -1 for the rest
 */
export function solveMachine(values: Float32Array, signs: Int8Array, options: MachineOptions): Machine {
  const { width, c = 1, tolerance = 1e-4, maxPasses = 2000, random } = options
  const diagonal = 1 / (2 * c)
  const weights = new Float64Array(width + 1)
  const alphas = new Float64Array(signs.length)
  const curvatures = Float64Array.from(signs, (_, row) => squaredNorm(values, row, width) + 1 + diagonal)
  const rows = Array.from(signs.keys())
  let best = gapOf(values, signs, { weights, alphas, c })
  for (let pass = 1; pass <= maxPasses && best.gap > tolerance; pass++) {
    for (const row of random.shuffle(rows)) {
      const sign = signs[row]!
      const gradient = sign * output(values, row, weights) - 1 + diagonal * alphas[row]!
      const before = alphas[row]!
      const after = Math.max(0, before - gradient / curvatures[row]!)
      if (after === before) continue
      alphas[row] = after
      addRow(weights, values, row, (after - before) * sign)
    }
    if (pass % LOOK === 0 || pass === maxPasses) best = gapOf(values, signs, { weights, alphas, c })
  }
  return { weights, ...best }
}

interface State {
  readonly weights: Float64Array
  readonly alphas: Float64Array
  readonly c: number
}

/** The primal objective and its distance from the dual's, which no solution is below. */
function gapOf(values: Float32Array, signs: Int8Array, { weights, alphas, c }: State): Omit<Machine, 'weights'> {
  const regular = weights.reduce((sum, value) => sum + value * value, 0) / 2
  let [hinge, dual] = [0, -regular]
  for (let row = 0; row < signs.length; row++) {
    hinge += Math.max(0, 1 - signs[row]! * output(values, row, weights)) ** 2
    dual += alphas[row]! - alphas[row]! ** 2 / (4 * c)
  }
  const objective = regular + c * hinge
  return { objective, gap: objective > 0 ? (objective - dual) / objective : 0 }
}

function output(values: Float32Array, row: number, weights: Float64Array): number {
  const width = weights.length - 1
  let sum = weights[width]!
  for (let i = 0, at = row * width; i < width; i++, at++) sum += values[at]! * weights[i]!
  return sum
}

function addRow(weights: Float64Array, values: Float32Array, row: number, factor: number): void {
  const width = weights.length - 1
  for (let i = 0, at = row * width; i < width; i++, at++) weights[i] = weights[i]! + values[at]! * factor
  weights[width] = weights[width]! + factor
}

function squaredNorm(values: Float32Array, row: number, width: number): number {
  let sum = 0
  for (let at = row * width; at < (row + 1) * width; at++) sum += values[at]! ** 2
  return sum
}
