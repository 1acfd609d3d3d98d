import type { Embeddings } from '../embeddings/embeddings.ts'

/** Features brought to mean 0 and deviation 1, and the way back into weights. */
export interface Standardization {
  /** `[examples, features]`, row by row. A feature that never differs becomes 0. */
  apply(values: Float32Array): Float32Array
  /** Weights (features, then bias) on standardised features as weights on features as they are. */
  unfold(weights: Float64Array): Float64Array
}

/** Means and deviations over examples, as scikit-learn's `StandardScaler`. */
export function standardization({ values, width }: Pick<Embeddings, 'values' | 'width'>): Standardization {
  const rows = values.length / width
  const means = new Float64Array(width)
  values.forEach((value, at) => {
    means[at % width] = means[at % width]! + value / rows
  })
  const factors = new Float64Array(width)
  values.forEach((value, at) => {
    factors[at % width] = factors[at % width]! + (value - means[at % width]!) ** 2 / rows
  })
  factors.forEach((variance, i) => {
    factors[i] = variance > 1e-20 ? 1 / Math.sqrt(variance) : 0
  })
  return {
    apply: (given) => given.map((value, at) => (value - means[at % width]!) * factors[at % width]!),
    unfold: (weights) => {
      const result = weights.map((weight, i) => (i < width ? weight * factors[i]! : weight))
      for (let i = 0; i < width; i++) result[width] = result[width]! - result[i]! * means[i]!
      return result
    },
  }
}
