/** Values of the result's last axis that are gathered at once; the best of 8, 16, 32 and 64 (measured). */
const TILE = 64

/**
 * A transposition. It goes through the file's values in their order, some rows at a time, so that what is read and what is written
 * stays in the processor's cache: 0.6 s for the first dense layer of VGG, where loops in the order of the result take 3.2 s.
 */
export function permuted(values: Float32Array, sides: readonly number[], order: readonly number[]): Float32Array {
  if (order.every((axis, i) => axis === i)) return values
  const axes = order
    .map((axis, i) => ({
      side: sides[axis]!,
      from: product(sides.slice(axis + 1)),
      to: product(order.slice(i + 1).map((other) => sides[other]!)),
    }))
    .filter(({ side }) => side > 1)
  const result = new Float32Array(values.length)
  const last = axes.pop() ?? { side: 1, from: 1 }
  const outer = axes.sort((a, b) => b.from - a.from)
  const inner = outer.pop() ?? { side: 1, from: 0, to: 0 }
  for (let first = 0; first < last.side; first += TILE) {
    const count = Math.min(TILE, last.side - first)
    for (const [from, to] of starts(outer, first * last.from, first)) {
      for (let k = 0, at = from, into = to; k < inner.side; k++, at += inner.from, into += inner.to) {
        for (let i = 0; i < count; i++) result[into + i] = values[at + i * last.from]!
      }
    }
  }
  return result
}

/** An axis of a transposition: how many places it has, and how far apart they are in the file and in the result. */
interface Axis {
  readonly side: number
  readonly from: number
  readonly to: number
}

/** Where the rows of some axes begin in the file and in the result. */
function* starts(axes: readonly Axis[], from: number, to: number): Generator<readonly [from: number, to: number]> {
  const [axis, ...others] = axes
  if (axis === undefined) {
    yield [from, to]
    return
  }
  for (let k = 0; k < axis.side; k++) yield* starts(others, from + k * axis.from, to + k * axis.to)
}

const product = (sides: readonly number[]): number => sides.reduce((all, side) => all * side, 1)
