import { CnnkitError } from '@cnnkit/errors'
import { cardOf, classifier, globalPool, inputsOf, outputOf, replaceHead, setCard } from '@cnnkit/layers'
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers'

/** Options of {@link withHead}. */
export interface HeadOptions {
  /** Names of the new classes, in the order of the outputs. */
  readonly classes: readonly string[]
  /** Share dropped before the classifier in training, 0 to 1; none unless given. */
  readonly dropout?: number
  /** Makes the fresh weights the same on each run. */
  readonly seed?: number
}

/**
 * A network with a fresh linear head for other classes in place of its own: global pooling of its last grid (its own, if it
 * has one; else the average), one dense layer, softmax. The fully connected layers of AlexNet and VGG and the convolution
 * that SqueezeNet scores by go with the old head. Its card names the classes.
 *
 * The new model takes over the layers of the given one, which is used up: dispose the new one only.
 */
export function withHead(model: LayersModel, { classes, dropout = 0, seed }: HeadOptions): LayersModel {
  if (classes.length < 2) {
    throw new CnnkitError(
      'transfer',
      'TOO_FEW_CLASSES',
      `A classifier needs two classes or more; got [${classes.join(', ')}].`,
    )
  }
  const card = cardOf(model)
  const result = replaceHead(
    model,
    (grid, head) =>
      classifier(ownPool(model, grid) ?? globalPool(grid, head, 'avg'), head, { classes: classes.length, dropout }),
    seed === undefined ? {} : { seed },
  )
  setCard(result, { ...card, labels: [...classes] })
  return result
}

/** The vector to which the network itself pools its last grid. */
function ownPool(model: LayersModel, grid: SymbolicTensor): SymbolicTensor | undefined {
  const pool = model.layers.find((layer) => layer.name === 'head.pool' && inputsOf(layer)[0]?.id === grid.id)
  const pooled = pool && outputOf(pool)
  return pooled?.shape.length === 2 ? pooled : undefined
}
