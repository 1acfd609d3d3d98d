import { CnnkitError } from '@cnnkit/errors'
import { type LayersModel, model as layersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import { classifier, globalPool } from './blocks/head.ts'
import { cardOf, setCard } from './card.ts'
import { type Flavor, rootScope, type Scope } from './scope.ts'

/** Options of {@link withGapHead}. */
export interface GapHeadOptions {
  /** How many outputs there are; as many as before unless given. */
  readonly classes?: number
  /** Share dropped before the classifier in training, 0 to 1; none unless given. */
  readonly dropout?: number
  /** Makes the fresh weights the same on each run. */
  readonly seed?: number
}

/**
 * A network with global average pooling and one dense layer with softmax in place of its own head, with fresh weights: the
 * head that Zhou's class activation maps need (Zhou et al. 2016, "Learning deep features for discriminative localization",
 * section 2), which AlexNet and VGG do not have. Train it before its maps are read.
 *
 * The new model takes over the layers of the given one, which is used up: dispose the new one only. It keeps the card, if
 * there is one; its labels are dropped where the number of classes changes.
 *
 * @throws `NO_GRID` for a model that has none
 */
export function withGapHead(model: LayersModel, options: GapHeadOptions = {}): LayersModel {
  const before = model.outputs[0]!.shape
  const { classes = before.length === 2 ? before[1]! : 1000, dropout = 0, seed } = options
  return replaceHead(
    model,
    (grid, scope) => classifier(globalPool(grid, scope, 'avg'), scope, { classes, dropout }),
    seed === undefined ? {} : { seed },
  )
}

/**
 * A network with another head on its last grid. The new model takes over the layers of the given one and its metadata, less
 * the labels where it gives another number of scores; the layers that it has no use for are disposed.
 *
 * @param head from the last grid `[batch, height, width, channels]` to `[batch, classes]`, in the scope `head`
 * @throws `NO_GRID` for a model that has none
 */
export function replaceHead(
  model: LayersModel,
  head: (grid: SymbolicTensor, scope: Scope) => SymbolicTensor,
  { seed }: { readonly seed?: number } = {},
): LayersModel {
  const scope = rootScope({ flavor: plain, ...(seed === undefined ? {} : { seed }) }).at('head')
  const outputs = head(lastGrid(model), scope)
  const result = layersModel({ inputs: model.inputs, outputs, name: model.name })
  // `model.dispose()` would take the shared layers along: layers count where they are applied, not their models.
  for (const layer of model.layers) if (!result.layers.includes(layer)) layer.dispose()
  const metadata = model.getUserDefinedMetadata()
  if (!metadata) return result
  result.setUserDefinedMetadata(metadata)
  const sameClasses = model.outputs[0]!.shape.at(-1) === outputs.shape.at(-1)
  if ('cnnkit' in metadata && !sameClasses) setCard(result, { ...cardOf(model), labels: null })
  return result
}

/**
 * The grid that the head of a network begins with, `[batch, height, width, channels]`: what its last stage hands on. Of a model
 * whose layers are not named by stage it is what global average pooling takes, or else the last grid there is.
 *
 * @throws `NO_GRID` for a model that has none
 */
export function lastGrid(model: LayersModel): SymbolicTensor {
  const way = wayBack(model.outputs[0]!)
  const isGrid = ({ shape }: SymbolicTensor): boolean => shape.length === 4
  const inBody = way.find((tensor) => isGrid(tensor) && !/^head\./.test(tensor.sourceLayer.name))
  const hasStages = way.some(({ sourceLayer }) => /^(stem|stage\d+|head)(\.|$)/.test(sourceLayer.name))
  const pooling = way.findIndex(({ sourceLayer }) => sourceLayer.getClassName() === 'GlobalAveragePooling2D')
  const found = hasStages || pooling === -1 ? inBody : way[pooling + 1]
  if (found && isGrid(found)) return found
  throw new CnnkitError('layers', 'NO_GRID', `${model.name} has no grid to pool. A head needs a convolutional network.`)
}

/** A tensor and those before it, back to the input or to where branches meet. */
function wayBack(tensor: SymbolicTensor): readonly SymbolicTensor[] {
  const way = [tensor]
  for (;;) {
    const { sourceLayer, nodeIndex } = way.at(-1)!
    const before = sourceLayer.inboundNodes[nodeIndex]?.inputTensors ?? []
    if (before.length !== 1 || sourceLayer.inboundNodes[nodeIndex]!.inboundLayers.length === 0) return way
    way.push(before[0]!)
  }
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
