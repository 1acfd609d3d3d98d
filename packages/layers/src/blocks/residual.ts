import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import type { Scope } from '../scope.ts'
import { activate, convNorm } from './conv-norm.ts'

/** Options of {@link bottleneck}. */
export interface BottleneckOptions {
  /** Channels inside; the block hands on four times as many. */
  readonly filters: number
  /** 2 halves the grid; 1 unless given. */
  readonly strides?: number
  /** A projection in the shortcut, as the first block of each stage has it, in place of the identity. */
  readonly project?: boolean
}

/**
 * The bottleneck residual block: 1x1 reduces, 3x3, 1x1 restores to four times the filters, plus the shortcut
 * (He et al. 2015, figure 5 right). The flavor says which convolution has the stride.
 *
 * @param x `[batch, height, width, channels]`
 * @returns `[batch, height / strides, width / strides, 4 * filters]`
 */
export function bottleneck(x: SymbolicTensor, scope: Scope, options: BottleneckOptions): SymbolicTensor {
  const { filters, strides = 1, project = false } = options
  const [first, second] = scope.flavor.bottleneckStride === '1x1' ? [strides, 1] : [1, strides]
  const shortcut = project
    ? convNorm(x, scope.at('shortcut'), { filters: 4 * filters, kernelSize: 1, strides, padding: 'valid' })
    : x
  let y = convNorm(x, scope.at('conv1'), {
    filters,
    kernelSize: 1,
    strides: first,
    padding: 'valid',
    activation: 'relu',
  })
  // At stride 1 zeros on both sides and TensorFlow's `same` are one; at stride 2 only the former is what torchvision does.
  const padding = second === 1 ? 'same' : 1
  y = convNorm(y, scope.at('conv2'), { filters, kernelSize: 3, strides: second, padding, activation: 'relu' })
  y = convNorm(y, scope.at('conv3'), { filters: 4 * filters, kernelSize: 1, padding: 'valid' })
  y = layers.add({ name: scope.at('add').path }).apply([shortcut, y]) as SymbolicTensor
  return activate(y, scope, 'relu')
}
