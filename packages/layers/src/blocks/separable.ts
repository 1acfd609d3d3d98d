import { reshape, type Tensor4D, tidy } from '@tensorflow/tfjs-core'
import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import type { Initializer, KernelInitializer, Scope } from '../scope.ts'
import { borderOf, convNorm, convolution, normAndActivation, type Padding, zeroPad } from './conv-norm.ts'

/** Options of {@link depthwise}. */
export interface DepthwiseOptions {
  /** Side of the square kernel, in pixels; 3 unless given. */
  readonly kernelSize?: number
  /** 1 unless given. */
  readonly strides?: number
  /** `same` unless given. */
  readonly padding?: Padding
  /** Whether each channel has a bias; what the flavor says of convolutions unless given. */
  readonly useBias?: boolean
  /** Channels made of each channel; 1 unless given. */
  readonly multiplier?: number
  /** What fresh kernels are drawn from where it is not what the flavor says. */
  readonly kernelInitializer?: KernelInitializer
}

/**
 * A depthwise convolution alone: a filter of its own for each channel. Its layer is named by the scope.
 *
 * @param x `[batch, height, width, channels]`
 */
export function depthwise(x: SymbolicTensor, scope: Scope, options: DepthwiseOptions = {}): SymbolicTensor {
  const { kernelSize = 3, strides = 1, useBias = scope.flavor.convBias, multiplier = 1 } = options
  const padding = borderOf(scope, options.padding ?? 'same', kernelSize, strides)
  return layers
    .depthwiseConv2d({
      name: scope.path,
      kernelSize,
      strides,
      padding: padding === 'same' ? 'same' : 'valid',
      depthMultiplier: multiplier,
      useBias,
      depthwiseInitializer: depthwiseInitializer(scope, options.kernelInitializer),
    })
    .apply(zeroPad(x, scope, padding)) as SymbolicTensor
}

/** PyTorch counts the fans of a depthwise kernel as those of `[height, width, 1, channels]`, TensorFlow as those of the kernel's own shape. */
function depthwiseInitializer(scope: Scope, other: KernelInitializer = scope.flavor.kernelInitializer): Initializer {
  const initializer = scope.kernelInitializer(other)
  const asPyTorch = other === 'heNormalFanOut' || other === 'torchUniform'
  if (!asPyTorch || initializer.getClassName() !== 'VarianceScaling') return initializer
  const draw = initializer.apply.bind(initializer)
  initializer.apply = (shape, dtype) => {
    const [height, width, channels, multiplier] = shape as [number, number, number, number]
    return tidy(() => reshape(draw([height, width, 1, channels * multiplier], dtype), shape as Tensor4D['shape']))
  }
  return initializer
}

/** Options of {@link separableConvolution}. */
export interface SeparableConvolutionOptions extends Omit<DepthwiseOptions, 'multiplier'> {
  /** Channels of the result. */
  readonly filters: number
}

/**
 * A separable convolution alone, Keras' `SeparableConv2D`: a filter of its own for each channel, then 1x1 across channels,
 * with nothing between the two or behind them. Its layers are `depthwise` and `pointwise`.
 *
 * @param x `[batch, height, width, channels]`
 */
export function separableConvolution(
  x: SymbolicTensor,
  scope: Scope,
  options: SeparableConvolutionOptions,
): SymbolicTensor {
  const { filters, useBias = scope.flavor.convBias, ...window } = options
  const y = depthwise(x, scope.at('depthwise'), { ...window, useBias: false })
  return convolution(y, scope.at('pointwise'), { filters, kernelSize: 1, useBias })
}

/** Options of {@link separable}. */
export interface SeparableOptions {
  /** Channels that the block hands on. */
  readonly filters: number
  /** 2 halves the grid; 1 unless given. */
  readonly strides?: number
  /** Border of the depthwise convolution; `same` unless given. */
  readonly padding?: Padding
}

/**
 * The depthwise separable convolution of MobileNet v1 (Howard et al. 2017, figure 3 right): a 3x3 filter for each
 * channel, then 1x1 across channels, each with batch norm and ReLU6. Its layers are `depthwise` and `pointwise`.
 *
 * @param x `[batch, height, width, channels]`
 * @returns `[batch, height / strides, width / strides, filters]`
 */
export function separable(x: SymbolicTensor, scope: Scope, options: SeparableOptions): SymbolicTensor {
  const { filters, ...border } = options
  const inner = scope.at('depthwise')
  const y = normAndActivation(depthwise(x, inner, border), inner, 'relu6')
  return convNorm(y, scope.at('pointwise'), { filters, kernelSize: 1, activation: 'relu6' })
}
