import { CnnkitError } from '@cnnkit/errors'
import { cardOf, classifier, endpoint, type Flavor, globalPool, outputOf, rootScope, setCard } from '@cnnkit/layers'
import { type LayersModel, model as layersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers'

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
 * A network with a fresh linear head for other classes in place of its own: global average pooling, one dense layer,
 * softmax. Its card names the classes.
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
  const head = rootScope({ flavor: plain, ...(seed === undefined ? {} : { seed }) }).at('head')
  const pooled = model.layers.find((layer) => layer.name === 'head.pool')
  const vector = pooled ? outputOf(pooled) : globalPool(lastGrid(model), head, 'avg')
  const outputs = classifier(vector, head, { classes: classes.length, dropout })
  const result = layersModel({ inputs: model.inputs, outputs, name: model.name })
  // `model.dispose()` would take the shared layers along: layers count where they are applied, not their models.
  for (const layer of model.layers) if (!result.layers.includes(layer)) layer.dispose()
  setCard(result, { ...card, labels: [...classes] })
  return result
}

function lastGrid(model: LayersModel): SymbolicTensor {
  const last = model.layers[model.layers.length - 1]!
  return endpoint(model, last.name.split('.')[0]!)
}

// A head has no norm; of a flavor it reads the initialiser alone.
const plain: Flavor = {
  name: 'head',
  convBias: true,
  normEpsilon: 1e-3,
  normMomentum: 0.99,
  stridedPadding: 'same',
  bottleneckStride: '1x1',
  kernelInitializer: 'glorotUniform',
}
