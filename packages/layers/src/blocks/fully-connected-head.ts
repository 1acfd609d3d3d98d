// Krizhevsky et al. 2012, "ImageNet classification with deep convolutional neural networks", figure 2.
import { CnnkitError } from '@cnnkit/errors'
import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import { adaptiveAveragePooling2d } from '../layers/adaptive-average-pooling.ts'
import type { Initializer, KernelInitializer, Scope } from '../scope.ts'
import { activate } from './conv-norm.ts'
import { drop, logits } from './head.ts'

/** Options of {@link fullyConnectedHead}. */
export interface FullyConnectedHeadOptions {
  /** How many outputs there are. */
  readonly classes: number
  /** Units of the two hidden layers; 4096 each unless given. */
  readonly units?: readonly [fc6: number, fc7: number]
  /** Share dropped in training at each hidden layer, 0 to 1; none unless given. */
  readonly dropout?: number
  /** Whether the dropout is `before` or `after` its hidden layer; `after` unless given. */
  readonly dropoutAt?: 'before' | 'after'
  /** The grid, in pixels, to which another is averaged first (PyTorch's adaptive pooling); without it the size of the input decides how many weights `fc6` has. */
  readonly grid?: readonly [height: number, width: number]
  /** What fresh kernels of the hidden layers are drawn from where it is not what the flavor says. */
  readonly kernelInitializer?: KernelInitializer
  /** What the biases of the hidden layers start from; zeros unless given. */
  readonly biasInitializer?: Initializer
  /** What the kernel of the logits is drawn from where it is not what the flavor says. */
  readonly logitsInitializer?: KernelInitializer
}

/**
 * The head of AlexNet, ZFNet and VGG: two hidden fully connected layers with ReLU and dropout on the flattened grid, then
 * the logits. Its layers are `head.flatten`, `head.fc6`, `head.fc6.relu`, `head.fc6.dropout`, the same of `head.fc7`, `head.logits`.
 *
 * @param x `[batch, height, width, channels]`
 * @returns `[batch, classes]`
 * @throws `UNKNOWN_GRID` where a side of the grid is not known and none is given
 */
export function fullyConnectedHead(
  x: SymbolicTensor,
  scope: Scope,
  options: FullyConnectedHeadOptions,
): SymbolicTensor {
  const { classes, units = [4096, 4096], dropout = 0, dropoutAt = 'after', logitsInitializer } = options
  let y = flattened(x, scope, options.grid)
  units.forEach((count, i) => {
    const inner = scope.at(`fc${i + 6}`)
    if (dropoutAt === 'before') y = drop(y, inner, dropout)
    y = layers
      .dense({
        name: inner.path,
        units: count,
        kernelInitializer: scope.kernelInitializer(options.kernelInitializer),
        ...(options.biasInitializer && { biasInitializer: options.biasInitializer }),
      })
      .apply(y) as SymbolicTensor
    y = activate(y, inner, 'relu')
    if (dropoutAt === 'after') y = drop(y, inner, dropout)
  })
  return logits(y, scope, { classes, ...(logitsInitializer && { kernelInitializer: logitsInitializer }) })
}

function flattened(x: SymbolicTensor, scope: Scope, grid?: readonly [number, number]): SymbolicTensor {
  const [, height, width] = x.shape
  const isGiven = grid !== undefined && grid[0] === height && grid[1] === width
  if (grid === undefined && (typeof height !== 'number' || typeof width !== 'number')) {
    throw new CnnkitError(
      'layers',
      'UNKNOWN_GRID',
      'Fully connected layers need an input whose height and width are known. Give the input shape, or build without the top.',
    )
  }
  const pooled =
    grid === undefined || isGiven
      ? x
      : (adaptiveAveragePooling2d({ name: scope.at('pool').path, size: grid }).apply(x) as SymbolicTensor)
  return layers.flatten({ name: scope.at('flatten').path }).apply(pooled) as SymbolicTensor
}
