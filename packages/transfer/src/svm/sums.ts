/** A weighted sum of examples, `w`, of which the outputs on the examples themselves are asked for all the time. Each has a feature of value 1 more. */
export interface ExampleSum {
  /** The output on an example: `w . x`. */
  output(row: number): number
  /** `x . x`. */
  square(row: number): number
  /** Adds an example so many times. */
  add(row: number, times: number): void
  /** `w . w`. */
  norm(): number
  /** The features' weights, then that of the feature that is 1. */
  weights(): Float64Array
}

/** Makes sums that start from nothing. */
export type SumMaker = () => ExampleSum

/** Products of examples are kept up to so many, 128 MiB. */
const ROOM = 2 ** 24

/**
 * Sums of examples, kept as weights; or, where there are fewer examples than features, by the examples' products with each other, so
 * that a step costs as much as there are examples.
 *
 * @param values `[examples, features]`, row by row
 */
export function sumsOf(values: Float32Array, width: number): SumMaker {
  const examples = values.length / width
  if (examples >= width || examples ** 2 > ROOM) return () => keptAsWeights(values, width)
  const products = productsOf(values, width)
  return () => keptAsOutputs(values, width, products)
}

function keptAsWeights(values: Float32Array, width: number): ExampleSum {
  const weights = new Float64Array(width + 1)
  const squares = Float64Array.from({ length: values.length / width }, (_, row) => product(values, width, row, row))
  return {
    output: (row) => {
      let sum = weights[width]!
      for (let i = 0, at = row * width; i < width; i++, at++) sum += values[at]! * weights[i]!
      return sum
    },
    square: (row) => squares[row]!,
    add: (row, times) => addRow(weights, values, row, times),
    norm: () => weights.reduce((sum, weight) => sum + weight * weight, 0),
    weights: () => weights,
  }
}

function keptAsOutputs(values: Float32Array, width: number, products: Float64Array): ExampleSum {
  const examples = values.length / width
  const outputs = new Float64Array(examples)
  const counts = new Float64Array(examples)
  return {
    output: (row) => outputs[row]!,
    square: (row) => products[row * examples + row]!,
    add: (row, times) => {
      counts[row] = counts[row]! + times
      for (let i = 0, at = row * examples; i < examples; i++, at++) outputs[i] = outputs[i]! + products[at]! * times
    },
    norm: () => counts.reduce((sum, count, row) => sum + count * outputs[row]!, 0),
    weights: () => {
      const weights = new Float64Array(width + 1)
      counts.forEach((count, row) => {
        if (count !== 0) addRow(weights, values, row, count)
      })
      return weights
    },
  }
}

function addRow(weights: Float64Array, values: Float32Array, row: number, times: number): void {
  const width = weights.length - 1
  for (let i = 0, at = row * width; i < width; i++, at++) weights[i] = weights[i]! + values[at]! * times
  weights[width] = weights[width]! + times
}

function productsOf(values: Float32Array, width: number): Float64Array {
  const examples = values.length / width
  const products = new Float64Array(examples ** 2)
  for (let a = 0; a < examples; a++) {
    for (let b = 0; b <= a; b++) {
      products[a * examples + b] = product(values, width, a, b)
      products[b * examples + a] = products[a * examples + b]!
    }
  }
  return products
}

function product(values: Float32Array, width: number, a: number, b: number): number {
  let sum = 1
  for (let i = 0; i < width; i++) sum += values[a * width + i]! * values[b * width + i]!
  return sum
}
