import { seeded } from '@cnnkit/testing/numbers'
import { tensor } from '@tensorflow/tfjs-core'
import type { LayersModel, LayerVariable } from '@tensorflow/tfjs-layers'
import { seedOf } from '../seed-of.ts'

/**
 * Gives a network weights that are the same on every backend: kernels that keep the variance behind a ReLU, norms that
 * leave most ReLUs open.
 *
 * @param nudge where it isn't 0, each weight is moved up or down by one rounding; which, it chooses
 */
export function fillWeights(model: LayersModel, nudge = 0): void {
  const up = seeded(nudge)
  for (const layer of model.layers) {
    for (const weight of layer.weights) {
      const values = valuesOf(weight, `${layer.name}/${weight.originalName}`)
      const filled = tensor(
        nudge === 0 ? values : values.map((value) => value * (1 + (up() < 0.5 ? -rounding : rounding))),
        weight.shape as number[],
      )
      weight.write(filled)
      filled.dispose()
    }
  }
}

function valuesOf({ shape, originalName }: LayerVariable, name: string): Float32Array {
  const sides = shape as number[]
  const next = seeded(seedOf(name))
  const [middle, reach] = rangeOf(originalName, sides)
  const size = sides.reduce((all, side) => all * side, 1)
  return Float32Array.from({ length: size }, () => middle + reach * (2 * next() - 1))
}

/**
 * What norms add: two deviations or three, in the lower half of what a ReLU6 lets through. One value in a hundred is still shut out, but a tenth as many as
 * around zero lie so near to a gate that rounding opens it on one backend and not on another: after which both gradients are right, and far apart.
 */
const openGates = [2.5, 0.5] as const

/** Middle and half width of the range that values are drawn from evenly. */
function rangeOf(name: string, shape: readonly number[]): readonly [number, number] {
  if (/(gamma|moving_variance|scale)$/.test(name)) return [1, 0.2]
  if (name.endsWith('beta')) return openGates
  if (shape.length < 2) return [0, 0.1]
  const fanIn = name.includes('depthwise')
    ? shape[0]! * shape[1]!
    : shape.slice(0, -1).reduce((all, side) => all * side)
  return [0, Math.sqrt(6 / fanIn)]
}

/** From one number of 32 bits to the next, at most. */
const rounding = 2 ** -23
