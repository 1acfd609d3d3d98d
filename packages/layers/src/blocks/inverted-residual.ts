import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import type { Scope } from '../scope.ts'
import { convNorm, normAndActivation } from './conv-norm.ts'
import { depthwise } from './separable.ts'

/** Options of {@link invertedResidual}. */
export interface InvertedResidualOptions {
  /** Channels that the block hands on. */
  readonly filters: number
  /** Channels inside over those that come in (t in the paper's table); 1 leaves the expansion out. */
  readonly expansion: number
  /** 2 halves the grid; 1 unless given. */
  readonly strides?: number
}

/**
 * The inverted residual block with a linear bottleneck (Sandler et al. 2018, table 1): 1x1 widens, a 3x3 filter for each
 * channel, 1x1 narrows with no activation behind it, plus the input where that has the same shape. Its layers are
 * `expand`, `depthwise`, `project` and `add`.
 *
 * @param x `[batch, height, width, channels]`
 * @returns `[batch, height / strides, width / strides, filters]`
 */
export function invertedResidual(x: SymbolicTensor, scope: Scope, options: InvertedResidualOptions): SymbolicTensor {
  const { filters, expansion, strides = 1 } = options
  const channels = x.shape.at(-1)!
  const wide =
    expansion === 1
      ? x
      : convNorm(x, scope.at('expand'), { filters: expansion * channels, kernelSize: 1, activation: 'relu6' })
  const inner = scope.at('depthwise')
  const y = normAndActivation(depthwise(wide, inner, { strides }), inner, 'relu6')
  const narrow = convNorm(y, scope.at('project'), { filters, kernelSize: 1 })
  if (strides !== 1 || channels !== filters) return narrow
  return layers.add({ name: scope.at('add').path }).apply([x, narrow]) as SymbolicTensor
}
