import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import { batchNorm } from '../layers/batch-norm.ts'
import type { Scope } from '../scope.ts'

/** What follows a convolution and its norm. */
export type Activation = 'relu' | 'relu6'

/**
 * How the border is padded: TensorFlow's `same`, nothing, so many zeros on each side, or zeros
 * `[[top, bottom], [left, right]]` as a layer of their own.
 */
export type Padding = 'same' | 'valid' | number | [[number, number], [number, number]]

/** Options of {@link convNorm}. */
export interface ConvNormOptions {
  /** Channels of the result. */
  readonly filters: number
  /** Side of the square kernel, in pixels. */
  readonly kernelSize: number
  /** 1 unless given. */
  readonly strides?: number
  /** `same` unless given. */
  readonly padding?: Padding
  /** None unless given. */
  readonly activation?: Activation
}

/**
 * Convolution, batch norm, activation. Its layers are named by the scope: `conv1`, `conv1.norm`, `conv1.relu`, and
 * `conv1.pad` before them where zeros are padded.
 *
 * @param x `[batch, height, width, channels]`
 */
export function convNorm(x: SymbolicTensor, scope: Scope, options: ConvNormOptions): SymbolicTensor {
  const { filters, kernelSize, strides = 1, padding = 'same', activation } = options
  const padded = zeroPad(x, scope, padding)
  const convolved = layers
    .conv2d({
      name: scope.path,
      filters,
      kernelSize,
      strides,
      padding: padding === 'same' ? 'same' : 'valid',
      useBias: scope.flavor.convBias,
      kernelInitializer: scope.kernelInitializer(),
    })
    .apply(padded) as SymbolicTensor
  return normAndActivation(convolved, scope, activation)
}

/** Batch norm and activation as {@link convNorm} puts them behind a convolution: `conv1.norm`, `conv1.relu`. */
export function normAndActivation(x: SymbolicTensor, scope: Scope, activation?: Activation): SymbolicTensor {
  const normed = batchNorm({
    name: scope.at('norm').path,
    epsilon: scope.flavor.normEpsilon,
    momentum: scope.flavor.normMomentum,
  }).apply(x) as SymbolicTensor
  return activation === undefined ? normed : activate(normed, scope, activation)
}

/** The activation as a layer of its own: `conv1.relu`. */
export function activate(x: SymbolicTensor, scope: Scope, activation: Activation): SymbolicTensor {
  const name = scope.at('relu').path
  return layers.reLU(activation === 'relu6' ? { name, maxValue: 6 } : { name }).apply(x) as SymbolicTensor
}

/** Zeros around the grid as a layer `conv1.pad`; nothing for `same` and `valid`, which the convolution does itself. */
export function zeroPad(x: SymbolicTensor, scope: Scope, padding: Padding): SymbolicTensor {
  if (typeof padding === 'string' || padding === 0) return x
  const sides: [[number, number], [number, number]] =
    typeof padding === 'number'
      ? [
          [padding, padding],
          [padding, padding],
        ]
      : padding
  return layers.zeroPadding2d({ name: scope.at('pad').path, padding: sides }).apply(x) as SymbolicTensor
}
