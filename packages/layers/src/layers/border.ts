import type { backend_util } from '@tensorflow/tfjs-core'

/** Rows and columns of zeros around a grid. */
export type Border = readonly [
  rows: readonly [top: number, bottom: number],
  columns: readonly [left: number, right: number],
]

/** A border as TensorFlow.js' operations take it; without one the layer's own padding. */
export function padOf(
  padding: 'same' | 'valid',
  border: Border | null,
): 'same' | 'valid' | backend_util.ExplicitPadding {
  if (border === null) return padding
  const [[top, bottom], [left, right]] = border
  return [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]
}

/** The shape of a grid `[batch, height, width, channels]` with its border. */
export function bordered(shape: readonly (number | null)[], border: Border | null): (number | null)[] {
  if (border === null) return [...shape]
  const [batch, height, width, channels] = shape as [number | null, number | null, number | null, number | null]
  const [[top, bottom], [left, right]] = border
  return [batch, height === null ? null : height + top + bottom, width === null ? null : width + left + right, channels]
}
