import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import { batchNorm } from '../layers/batch-norm.ts'
import { conv2d } from '../layers/conv2d.ts'
import { reLU } from '../layers/relu.ts'
import type { Initializer, KernelInitializer, Scope } from '../scope.ts'

/** What follows a convolution and its norm. */
export type Activation = 'relu' | 'relu6'

/**
 * How the border is padded: `same` (the grid keeps its size over the stride; the flavor says how a strided one is padded),
 * nothing, so many zeros on each side, or zeros `[[top, bottom], [left, right]]`.
 */
export type Padding = 'same' | 'valid' | number | [[number, number], [number, number]]

/** Options of {@link convolution}. */
export interface ConvolutionOptions {
  /** Channels of the result. */
  readonly filters: number
  /** Side of the square kernel in pixels, or height and width. */
  readonly kernelSize: number | readonly [height: number, width: number]
  /** 1 unless given. */
  readonly strides?: number
  /** `same` unless given. */
  readonly padding?: Padding
  /** Whether each channel has a bias; `true` unless given. */
  readonly useBias?: boolean
  /** What biases start from; zeros unless given. */
  readonly biasInitializer?: Initializer
  /** What fresh kernels are drawn from where it is not what the flavor says. */
  readonly kernelInitializer?: KernelInitializer
}

/** Options of {@link convNorm} and {@link convActivation}. */
export interface ConvNormOptions extends ConvolutionOptions {
  /** None unless given. */
  readonly activation?: Activation
}

/**
 * A convolution alone. Its layer is named by the scope, with `conv1.pad` before it where zeros are padded.
 *
 * @param x `[batch, height, width, channels]`
 */
export function convolution(x: SymbolicTensor, scope: Scope, options: ConvolutionOptions): SymbolicTensor {
  const { filters, kernelSize, strides = 1, useBias = true, biasInitializer } = options
  const padding = borderOf(scope, options.padding ?? 'same', kernelSize, strides)
  return conv2d({
    name: scope.path,
    filters,
    kernelSize: typeof kernelSize === 'number' ? kernelSize : [...kernelSize],
    strides,
    padding: padding === 'same' ? 'same' : 'valid',
    useBias,
    kernelInitializer: scope.kernelInitializer(options.kernelInitializer),
    ...(biasInitializer && { biasInitializer }),
  }).apply(zeroPad(x, scope, padding)) as SymbolicTensor
}

/**
 * Convolution, batch norm, activation. Its layers are named by the scope: `conv1`, `conv1.norm`, `conv1.relu`. The
 * flavor says whether the convolution has a bias, unless the options do.
 *
 * @param x `[batch, height, width, channels]`
 */
export function convNorm(x: SymbolicTensor, scope: Scope, options: ConvNormOptions): SymbolicTensor {
  const convolved = convolution(x, scope, { useBias: scope.flavor.convBias, ...options })
  return normAndActivation(convolved, scope, options.activation)
}

/**
 * Convolution with bias, then activation, as networks had it before batch norm: `conv1`, `conv1.relu`.
 *
 * @param x `[batch, height, width, channels]`
 */
export function convActivation(x: SymbolicTensor, scope: Scope, options: ConvNormOptions): SymbolicTensor {
  const convolved = convolution(x, scope, options)
  return options.activation === undefined ? convolved : activate(convolved, scope, options.activation)
}

/** Batch norm and activation as {@link convNorm} puts them behind a convolution: `conv1.norm`, `conv1.relu`. */
export function normAndActivation(x: SymbolicTensor, scope: Scope, activation?: Activation): SymbolicTensor {
  const { normEpsilon, normMomentum, normScale = true, normVariance } = scope.flavor
  const normed = batchNorm({
    name: scope.at('norm').path,
    epsilon: normEpsilon,
    momentum: normMomentum,
    scale: normScale,
    ...(normVariance && { movingVarianceOf: normVariance }),
  }).apply(x) as SymbolicTensor
  return activation === undefined ? normed : activate(normed, scope, activation)
}

/** The activation as a layer of its own: `conv1.relu`. */
export function activate(x: SymbolicTensor, scope: Scope, activation: Activation): SymbolicTensor {
  const name = scope.at('relu').path
  return reLU(activation === 'relu6' ? { name, maxValue: 6 } : { name }).apply(x) as SymbolicTensor
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

/** What `same` means to a convolution or a pooling of the scope's flavor. */
export function borderOf(
  scope: Scope,
  padding: Padding,
  kernelSize: number | readonly [height: number, width: number],
  strides: number,
): Padding {
  if (padding !== 'same' || strides === 1 || scope.flavor.stridedPadding === 'same') return padding
  const [height, width] = typeof kernelSize === 'number' ? [kernelSize, kernelSize] : kernelSize
  const [y, x] = [Math.floor(height / 2), Math.floor(width / 2)]
  return [
    [y, y],
    [x, x],
  ]
}
