import { add, div, fill, mul, ones, slice, sqrt, sub, type Tensor1D, zeros } from '@tensorflow/tfjs-core'
import type { layers } from '@tensorflow/tfjs-layers'
import type { BatchNorm } from '../layers/batch-norm.ts'

/** A factor and a shift for each channel. */
export interface ScaleAndShift {
  /** `[channels]`. */
  readonly scale: Tensor1D
  /** `[channels]`. */
  readonly shift: Tensor1D
}

/** Gives a factor and a shift from the weights as they are when it is called. Call it in a tidy. */
export type Affine = () => ScaleAndShift

/** What a norm or a rescaling does to each channel in inference; `undefined` for a layer that is neither. */
export function affineOf(layer: layers.Layer, channels: number, rank: number): Affine | undefined {
  const className = layer.getClassName()
  if (className === 'Rescaling') {
    const { scale, offset } = layer.getConfig() as { scale: number; offset: number }
    if (typeof scale !== 'number' || typeof offset !== 'number') return undefined
    return () => ({ scale: fill([channels], scale), shift: fill([channels], offset) })
  }
  if (className !== 'BatchNormalization') return undefined
  const { axis, epsilon, gamma, beta, movingMean, movingVariance } = layer as BatchNorm
  if ((Number(axis) + rank) % rank !== rank - 1) return undefined
  return () => {
    const factor = (gamma?.read() ?? ones([channels])) as Tensor1D
    const scale = div(factor, sqrt(add(movingVariance.read(), epsilon))) as Tensor1D
    const shift = sub(beta?.read() ?? zeros([channels]), mul(movingMean.read(), scale)) as Tensor1D
    return { scale, shift }
  }
}

/** The part of an affine map that some of its channels see. */
export function sliced(affine: Affine, from: number, channels: number): Affine {
  return () => {
    const { scale, shift } = affine()
    return { scale: slice(scale, [from], [channels]), shift: slice(shift, [from], [channels]) }
  }
}

/** One map after another as one. */
export function composed(affines: readonly Affine[]): ScaleAndShift {
  const [first, ...rest] = affines.map((affine) => affine())
  return rest.reduce(
    (all, { scale, shift }) => ({ scale: mul(all.scale, scale), shift: add(mul(all.shift, scale), shift) }),
    first!,
  )
}
