import { layers, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import type { KernelInitializer, Scope } from '../scope.ts'

/** Options of {@link logits}. */
export interface LogitsOptions {
  /** How many outputs there are. */
  readonly classes: number
  /** Share of the inputs that is dropped in training, 0 to 1; none unless given. */
  readonly dropout?: number
  /** What fresh kernels are drawn from where it is not what the flavor says. */
  readonly kernelInitializer?: KernelInitializer
}

/** What turns logits into scores; `linear` leaves them as they are. */
export type ScoreActivation = 'softmax' | 'sigmoid' | 'linear'

/** Options of {@link classifier}. */
export interface ClassifierOptions extends LogitsOptions {
  /** `softmax` unless given. */
  readonly activation?: ScoreActivation
}

/** Global pooling of a grid to one vector, the layer `head.pool`: `[batch, height, width, c]` to `[batch, c]`. */
export function globalPool(x: SymbolicTensor, scope: Scope, kind: 'avg' | 'max'): SymbolicTensor {
  const name = scope.at('pool').path
  const pool = kind === 'avg' ? layers.globalAveragePooling2d({ name }) : layers.globalMaxPooling2d({ name })
  return pool.apply(x) as SymbolicTensor
}

/** Dropout as the layer `head.dropout`; nothing for a rate of 0. */
export function drop(x: SymbolicTensor, scope: Scope, rate: number): SymbolicTensor {
  if (rate === 0) return x
  return layers.dropout({ name: scope.at('dropout').path, rate }).apply(x) as SymbolicTensor
}

/**
 * One dense layer from a vector to the classes: `head.dropout`, `head.logits`.
 *
 * @param x `[batch, channels]`
 * @returns `[batch, classes]`
 */
export function logits(x: SymbolicTensor, scope: Scope, options: LogitsOptions): SymbolicTensor {
  const { classes, dropout = 0, kernelInitializer } = options
  return layers
    .dense({
      name: scope.at('logits').path,
      units: classes,
      kernelInitializer: scope.kernelInitializer(kernelInitializer),
    })
    .apply(drop(x, scope, dropout)) as SymbolicTensor
}

/** Scores of logits, the layer `head.scores`, apart from them as class activation maps and losses read the logits. */
export function scores(x: SymbolicTensor, scope: Scope, activation: ScoreActivation): SymbolicTensor {
  if (activation === 'linear') return x
  return layers.activation({ name: scope.at('scores').path, activation }).apply(x) as SymbolicTensor
}

/** {@link logits} and their {@link scores}: `head.dropout`, `head.logits`, `head.scores`. */
export function classifier(x: SymbolicTensor, scope: Scope, options: ClassifierOptions): SymbolicTensor {
  const { activation = 'softmax', ...rest } = options
  return scores(logits(x, scope, rest), scope, activation)
}
