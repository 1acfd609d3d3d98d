import { type Tensor, tensor } from '@tensorflow/tfjs-core'

/** The sine of step, 2 step, 3 step, ...: the inputs of reference/layers/golden.py. */
export function wave(shape: readonly number[], step: number): Tensor {
  const size = shape.reduce((all, side) => all * side, 1)
  return tensor(
    Float32Array.from({ length: size }, (_, i) => Math.sin(step * (i + 1))),
    [...shape],
  )
}

/** How far a tensor is from a golden's values: max |a - b| / max |b|. */
export function relativeError(actual: Tensor, expected: readonly number[]): number {
  const values = actual.dataSync()
  if (values.length !== expected.length) return Number.POSITIVE_INFINITY
  const worst = Math.max(...expected.map((value, i) => Math.abs(values[i]! - value)))
  return worst / Math.max(...expected.map(Math.abs))
}
