import { describe, expect, it } from 'vitest'
import { seenAs, seenFrom, torchKernel } from './layout.ts'

describe('a kernel of PyTorch seen as ours', () => {
  it.each([
    ['convolution', [3, 3, 5, 70], undefined],
    ['convolution', [1, 1, 1, 1], undefined],
    ['depthwise', [3, 3, 130, 2], undefined],
    ['depthwise', [3, 3, 65, 1], undefined],
    ['dense', [66, 129], undefined],
    ['dense', [2 * 3 * 4, 67], [2, 3, 4]],
  ] as const)('has each value in its place: %s %o', (kind, shape, grid) => {
    const { shape: theirs, view } = torchKernel(kind, shape, grid)
    const size = shape.reduce<number>((all, side) => all * side, 1)
    const values = Float32Array.from({ length: size }, (_, i) => i)
    const ours = seenAs(values, view)
    expect(theirs.reduce((all, side) => all * side, 1)).toBe(size)
    expect(seenFrom(ours, view)).toEqual(values)
    // Place by place, as the axes say.
    const sides = view.order.map((axis) => view.sides[axis]!)
    ours.forEach((value, place) => {
      const at = sides.map((side, i) => Math.floor(place / product(sides.slice(i + 1))) % side)
      const from = view.sides.reduce((sum, side, axis) => sum * side + at[view.order.indexOf(axis)]!, 0)
      if (value !== from) throw new Error(`place ${place} has the value of ${value} and not of ${from}`)
    })
  })
})

const product = (sides: readonly number[]): number => sides.reduce((all, side) => all * side, 1)
