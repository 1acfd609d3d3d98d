import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import type { Scope } from '../scope.ts'
import { borderOf, type Padding, zeroPad } from './conv-norm.ts'

/** Options of {@link pool}. */
export interface PoolOptions {
  /** Side of the square window in pixels; 3 unless given. */
  readonly size?: number
  /** 1 unless given. */
  readonly strides?: number
  /**
   * `same` unless given. An average over `same` leaves the border out of its count (TensorFlow); with zeros of a number the
   * zeros count (PyTorch, Caffe). A maximum over zeros is what PyTorch and Caffe give where no value is below 0, as after ReLU.
   */
  readonly padding?: Padding
}

/**
 * Max or average pooling. Its layer is named by the scope, with `pool.pad` before it where zeros are padded.
 *
 * @param x `[batch, height, width, channels]`
 */
export function pool(x: SymbolicTensor, scope: Scope, kind: 'max' | 'avg', options: PoolOptions = {}): SymbolicTensor {
  const { size = 3, strides = 1 } = options
  const padding = borderOf(scope, options.padding ?? 'same', size, strides)
  const config = {
    name: scope.path,
    poolSize: size,
    strides,
    padding: padding === 'same' ? ('same' as const) : ('valid' as const),
  }
  const layer = kind === 'max' ? layers.maxPooling2d(config) : layers.averagePooling2d(config)
  return layer.apply(zeroPad(x, scope, padding)) as SymbolicTensor
}

/**
 * One row of zeros below and one column to the right: a strided pooling without other padding then rounds its grid up, as Caffe and
 * PyTorch's `ceil_mode` do (56 from 112 by 3x3/2, where rounding down gives 55). Right for a maximum of what is not below 0.
 */
export const roundUp: Padding = [
  [0, 1],
  [0, 1],
]
