// Szegedy et al. 2014, "Going deeper with convolutions", section 5 (arXiv:1409.4842); Szegedy et al. 2015, "Rethinking the
// Inception architecture", section 4 and figure 8 (arXiv:1512.00567).
import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import { adaptiveAveragePooling2d } from '../layers/adaptive-average-pooling.ts'
import type { Initializer, KernelInitializer, Scope } from '../scope.ts'
import { activate, type ConvolutionOptions, convNorm } from './conv-norm.ts'
import { globalPool, logits } from './head.ts'
import type { ConvolutionUnit } from './inception.ts'
import { pool } from './pool.ts'

/** Options of {@link auxiliaryHead}. */
export interface AuxiliaryHeadOptions {
  /** How many outputs there are. */
  readonly classes: number
  /** The average pooling that begins it: a window and its stride, 5x5/3 unless given, or the grid that comes out (PyTorch's adaptive pooling). */
  readonly pool?:
    | {
        /** Side of the window, in pixels. */
        readonly size: number
        /** From one window to the next, in pixels. */
        readonly strides: number
      }
    | {
        /** The grid that is pooled to, whatever the input. */
        readonly grid: readonly [height: number, width: number]
      }
  /** The convolutions that follow. */
  readonly convolutions: readonly ConvolutionOptions[]
  /** What a convolution is; `convNorm` with ReLU unless given. */
  readonly unit?: ConvolutionUnit
  /** Units of a fully connected layer with ReLU on the flattened grid; without it the grid is averaged to a vector. */
  readonly units?: number
  /** What the biases of that layer start from; zeros unless given. */
  readonly biasInitializer?: Initializer
  /** Share dropped before the classifier in training, 0 to 1; none unless given. */
  readonly dropout?: number
  /** What fresh kernels of the dense layers are drawn from where it is not what the flavor says. */
  readonly kernelInitializer?: KernelInitializer
}

/**
 * An auxiliary classifier on a grid inside a network, from which gradients reach the layers below in training: average pooling,
 * convolutions, a fully connected layer or global pooling, dropout, logits. Its layers are `aux1.pool`, `aux1.conv1`, ..., `aux1.fc`,
 * `aux1.fc.relu`, `aux1.dropout`, `aux1.logits`.
 *
 * @param x `[batch, height, width, channels]`
 * @returns `[batch, classes]`
 */
export function auxiliaryHead(x: SymbolicTensor, scope: Scope, options: AuxiliaryHeadOptions): SymbolicTensor {
  const { classes, convolutions, unit = normalized, dropout, kernelInitializer } = options
  let y = pooled(x, scope.at('pool'), options.pool ?? { size: 5, strides: 3 })
  convolutions.forEach((convolution, i) => {
    y = unit(y, scope.at(`conv${i + 1}`), convolution)
  })
  return logits(asVector(y, scope, options), scope, {
    classes,
    ...(dropout !== undefined && { dropout }),
    ...(kernelInitializer && { kernelInitializer }),
  })
}

const normalized: ConvolutionUnit = (x, scope, options) => convNorm(x, scope, { ...options, activation: 'relu' })

function pooled(x: SymbolicTensor, scope: Scope, how: NonNullable<AuxiliaryHeadOptions['pool']>): SymbolicTensor {
  if ('size' in how) return pool(x, scope, 'avg', { ...how, padding: 'valid' })
  return adaptiveAveragePooling2d({ name: scope.path, size: how.grid }).apply(x) as SymbolicTensor
}

function asVector(x: SymbolicTensor, scope: Scope, options: AuxiliaryHeadOptions): SymbolicTensor {
  const { units, biasInitializer, kernelInitializer } = options
  if (units === undefined) return globalPool(x, scope.at('global'), 'avg')
  const flat = layers.flatten({ name: scope.at('flatten').path }).apply(x) as SymbolicTensor
  const fc = scope.at('fc')
  const y = layers
    .dense({
      name: fc.path,
      units,
      kernelInitializer: scope.kernelInitializer(kernelInitializer),
      ...(biasInitializer && { biasInitializer }),
    })
    .apply(flat) as SymbolicTensor
  return activate(y, fc, 'relu')
}
