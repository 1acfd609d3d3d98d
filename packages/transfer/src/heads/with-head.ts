import { CnnkitError } from '@cnnkit/errors'
import {
  cardOf,
  classifier,
  drop,
  globalPool,
  inputsOf,
  outputOf,
  replaceHead,
  type Scope,
  setCard,
} from '@cnnkit/layers'
import { type LayersModel, layers, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import { embeddingOf } from '../embeddings/embeddings.ts'

/** What every head is told. */
export interface CommonHeadOptions {
  /** Names of the outputs, in their order: the new classes, the tags, or the quantities. */
  readonly classes: readonly string[]
  /**
   * What the outputs are; `'classes'` unless given.
   *
   * - `'classes'`: probabilities of which one is true (softmax)
   * - `'tags'`: a probability for each, of which any number may be true (sigmoid); trained by binary cross-entropy
   * - `'values'`: quantities (linear); trained by the squared error or Huber's
   */
  readonly outputs?: 'classes' | 'tags' | 'values'
  /** Share dropped before each of its dense layers in training, 0 to 1; none unless given. */
  readonly dropout?: number
  /** Makes the fresh weights the same on each run. */
  readonly seed?: number
}

/**
 * Options of {@link withHead}.
 *
 * - `linear` (unless given): the network's own global pooling, else the average, and one dense layer
 * - `gap`: global average pooling, whatever the network's own is, and one dense layer: what class activation maps read
 * - `mlp`: pooling or the whole flattened grid, hidden fully connected layers with ReLU, then one dense layer
 * - `last-layer`: what the network's classifier takes, and one dense layer: AlexNet and VGG keep their fully connected layers
 *   `fc6` and `fc7`, pretrained
 */
export type HeadOptions = CommonHeadOptions &
  (
    | {
        /** What stands between the body and the classes. */
        readonly kind?: 'linear' | 'gap' | 'last-layer'
      }
    | {
        /** Hidden layers between the body and the classes. */
        readonly kind: 'mlp'
        /** Units of the hidden layers; one of 256 unless given. */
        readonly hidden?: readonly number[]
        /** `pool` (unless given): one value a channel; `flatten`: every value of the grid, as the head of VGG takes it. */
        readonly from?: 'pool' | 'flatten'
      }
  )

/**
 * A network with a fresh head for other classes in place of its own. Its card names the outputs. Unless `last-layer` is asked for,
 * the fully connected layers of AlexNet and VGG and the convolution that SqueezeNet scores by go with the old head, and so do
 * auxiliary heads.
 *
 * The new model takes over the layers of the given one, which is used up: dispose the new one only.
 *
 * @throws `TOO_FEW_CLASSES`, `NO_GRID` for a model without a grid to pool
 */
export function withHead(model: LayersModel, options: HeadOptions): LayersModel {
  const { classes, outputs = 'classes', seed } = options
  if (classes.length < (outputs === 'classes' ? 2 : 1)) {
    throw new CnnkitError(
      'transfer',
      'TOO_FEW_CLASSES',
      `A classifier needs two classes or more; got [${classes.join(', ')}].`,
    )
  }
  const card = cardOf(model)
  const result = replaceHead(
    model,
    (grid, head) => scored(vectorOf(model, grid, head, options), head, options),
    seed === undefined ? {} : { seed },
  )
  const { outputs: _, ...rest } = card
  setCard(result, { ...rest, labels: [...classes], ...(outputs !== 'classes' && { outputs }) })
  return result
}

const activations = { classes: 'softmax', tags: 'sigmoid', values: 'linear' } as const

function scored(
  x: SymbolicTensor,
  head: Scope,
  { classes, outputs = 'classes', dropout = 0 }: HeadOptions,
): SymbolicTensor {
  return classifier(x, head, { classes: classes.length, dropout, activation: activations[outputs] })
}

/** What the last dense layer takes. */
function vectorOf(model: LayersModel, grid: SymbolicTensor, head: Scope, options: HeadOptions): SymbolicTensor {
  if (options.kind === 'last-layer') {
    const embedding = embeddingOf(model)
    return embedding.shape.length === 4 ? globalPool(embedding, head, 'avg') : embedding
  }
  if (options.kind === 'gap') return globalPool(grid, head, 'avg')
  if (options.kind !== 'mlp') return ownPool(model, grid) ?? globalPool(grid, head, 'avg')
  const { hidden = [256], dropout = 0 } = options
  const flat = options.from === 'flatten'
  let x = flat ? flattened(grid, head) : (ownPool(model, grid) ?? globalPool(grid, head, 'avg'))
  hidden.forEach((units, i) => {
    const scope = head.at(`hidden${i + 1}`)
    const kernelInitializer = scope.kernelInitializer('heNormal')
    const dense = layers.dense({ name: scope.path, units, activation: 'relu', kernelInitializer })
    x = dense.apply(drop(x, scope, dropout)) as SymbolicTensor
  })
  return x
}

function flattened(grid: SymbolicTensor, head: Scope): SymbolicTensor {
  return layers.flatten({ name: head.at('flatten').path }).apply(grid) as SymbolicTensor
}

/** The vector to which the network itself pools its last grid. */
function ownPool(model: LayersModel, grid: SymbolicTensor): SymbolicTensor | undefined {
  const pool = model.layers.find((layer) => layer.name === 'head.pool' && inputsOf(layer)[0]?.id === grid.id)
  const pooled = pool && outputOf(pool)
  return pooled?.shape.length === 2 ? pooled : undefined
}
