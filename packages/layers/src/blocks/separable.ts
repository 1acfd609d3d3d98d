import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import type { Scope } from '../scope.ts'
import { convNorm, normAndActivation, type Padding, zeroPad } from './conv-norm.ts'

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
  const { filters, strides = 1, padding = 'same' } = options
  const depthwise = scope.at('depthwise')
  const y = layers
    .depthwiseConv2d({
      name: depthwise.path,
      kernelSize: 3,
      strides,
      padding: padding === 'same' ? 'same' : 'valid',
      useBias: scope.flavor.convBias,
      depthwiseInitializer: scope.kernelInitializer(),
    })
    .apply(zeroPad(x, depthwise, padding)) as SymbolicTensor
  return convNorm(normAndActivation(y, depthwise, 'relu6'), scope.at('pointwise'), {
    filters,
    kernelSize: 1,
    activation: 'relu6',
  })
}
