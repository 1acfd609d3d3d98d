import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import type { Scope } from '../scope.ts'

/** Options of {@link classifier}. */
export interface ClassifierOptions {
  /** How many outputs there are. */
  readonly classes: number
  /** Share of the inputs that is dropped in training, 0 to 1; none unless given. */
  readonly dropout?: number
  /** What turns logits into scores; `softmax` unless given, `linear` for none. */
  readonly activation?: 'softmax' | 'sigmoid' | 'linear'
}

/** Global pooling of a grid to one vector, the layer `head.pool`: `[batch, height, width, c]` to `[batch, c]`. */
export function globalPool(x: SymbolicTensor, scope: Scope, kind: 'avg' | 'max'): SymbolicTensor {
  const name = scope.at('pool').path
  const pool = kind === 'avg' ? layers.globalAveragePooling2d({ name }) : layers.globalMaxPooling2d({ name })
  return pool.apply(x) as SymbolicTensor
}

/**
 * One dense layer from a vector to the classes: `head.dropout`, `head.logits`, `head.scores`. The logits are a layer of
 * their own, apart from the softmax, as class activation maps and losses read them.
 *
 * @param x `[batch, channels]`
 * @returns `[batch, classes]`
 */
export function classifier(x: SymbolicTensor, scope: Scope, options: ClassifierOptions): SymbolicTensor {
  const { classes, dropout = 0, activation = 'softmax' } = options
  const dropped =
    dropout > 0 ? (layers.dropout({ name: scope.at('dropout').path, rate: dropout }).apply(x) as SymbolicTensor) : x
  const logits = layers
    .dense({ name: scope.at('logits').path, units: classes, kernelInitializer: scope.kernelInitializer() })
    .apply(dropped) as SymbolicTensor
  if (activation === 'linear') return logits
  return layers.activation({ name: scope.at('scores').path, activation }).apply(logits) as SymbolicTensor
}
