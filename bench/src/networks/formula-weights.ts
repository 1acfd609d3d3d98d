import { add, mul, type Tensor, tidy } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { noise } from './noise.ts'

/**
 * Gives a network weights that follow from the order and the size of its tensors alone, so that two programs that build
 * the same network run the same numbers. Kernels are scaled by their fan-in, norms are near the identity.
 */
export function setFormulaWeights(model: LayersModel): void {
  model.weights.forEach((weight, i) => {
    tidy(() => {
      weight.write(formula(weight.shape as number[], weight.originalName, i + 1))
    })
  })
}

function formula(shape: readonly number[], name: string, seed: number): Tensor {
  const values = noise(shape, seed)
  if (shape.length > 1) return mul(values, Math.sqrt(6 / fanIn(shape, name)))
  return /gamma|variance/.test(name) ? add(mul(values, 0.2), 1) : mul(values, 0.1)
}

function fanIn(shape: readonly number[], name: string): number {
  const inputs = /depthwise/.test(name) ? shape.slice(0, 2) : shape.slice(0, -1)
  return inputs.reduce((product, side) => product * side, 1)
}
