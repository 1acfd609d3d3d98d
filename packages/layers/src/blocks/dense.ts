// Huang, Liu, van der Maaten, Weinberger 2017, "Densely connected convolutional networks", section 3; arXiv:1608.06993.
import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import type { Scope } from '../scope.ts'
import { convNorm, convolution, normAndActivation } from './conv-norm.ts'

/** Options of {@link denseLayer}. */
export interface DenseLayerOptions {
  /** Channels that each layer adds to those before it: k in the paper. */
  readonly growthRate: number
  /** Whether a 1x1 convolution to four times the growth rate stands before the 3x3 (DenseNet-B); `true` unless given. */
  readonly bottleneck?: boolean
}

/** Options of {@link denseBlock}. */
export interface DenseBlockOptions extends DenseLayerOptions {
  /** How many layers there are. */
  readonly depth: number
}

/** Options of {@link transition}. */
export interface TransitionOptions {
  /** Channels that are left over those that come, rounded down: theta in the paper, 0.5 in DenseNet-C and 1 otherwise. */
  readonly compression: number
}

/**
 * A layer of a dense block: norm, ReLU, 1x1, norm, ReLU, 3x3, and what it makes is put behind what it was given. Its layers are
 * `norm`, `relu`, `conv1` with norm and ReLU, `conv2`, `concat`; without the bottleneck `norm`, `relu`, `conv`, `concat`.
 *
 * @param x `[batch, height, width, channels]`
 * @returns `[batch, height, width, channels + growthRate]`, those that came first
 */
export function denseLayer(x: SymbolicTensor, scope: Scope, options: DenseLayerOptions): SymbolicTensor {
  const { growthRate, bottleneck = true } = options
  const useBias = scope.flavor.convBias
  let y = normAndActivation(x, scope, 'relu')
  if (bottleneck) {
    y = convNorm(y, scope.at('conv1'), { filters: 4 * growthRate, kernelSize: 1, activation: 'relu' })
  }
  y = convolution(y, scope.at(bottleneck ? 'conv2' : 'conv'), { filters: growthRate, kernelSize: 3, useBias })
  return layers.concatenate({ name: scope.at('concat').path }).apply([x, y]) as SymbolicTensor
}

/**
 * Layers each of which sees what all before it made: `block1`, `block2`, ... of the scope.
 *
 * @param x `[batch, height, width, channels]`
 * @returns `[batch, height, width, channels + depth * growthRate]`
 */
export function denseBlock(x: SymbolicTensor, scope: Scope, options: DenseBlockOptions): SymbolicTensor {
  let y = x
  for (let i = 1; i <= options.depth; i++) y = denseLayer(y, scope.at(`block${i}`), options)
  return y
}

/**
 * Between dense blocks: norm, ReLU, 1x1, and the average of each 2x2. Its layers are `norm`, `relu`, `conv`, `pool`.
 *
 * @param x `[batch, height, width, channels]`
 * @returns `[batch, height / 2, width / 2, channels * compression]`, rounded down
 */
export function transition(x: SymbolicTensor, scope: Scope, { compression }: TransitionOptions): SymbolicTensor {
  const filters = Math.floor(x.shape.at(-1)! * compression)
  const active = normAndActivation(x, scope, 'relu')
  const y = convolution(active, scope.at('conv'), { filters, kernelSize: 1, useBias: scope.flavor.convBias })
  const pool = layers.averagePooling2d({ name: scope.at('pool').path, poolSize: 2, strides: 2, padding: 'valid' })
  return pool.apply(y) as SymbolicTensor
}
