import { type Cost, costOf, inputsOf } from '@cnnkit/layers'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { Architecture, WeightsRecord } from './architecture.ts'
import { type BuildPlan, buildNetwork, inputShapeOf } from './build-network.ts'
import { architectureOf, type ModelName } from './models.ts'
import { flavorOf } from './resolve-options.ts'

/** What is known of published weights without fetching them. */
export interface PublishedWeights {
  /** What `weights` takes. */
  readonly tag: string
  /** The form of the network that they fit. */
  readonly flavor: string
  /** Who published them, and where. */
  readonly publisher: string
  /** SPDX identifier, or what the publisher says. */
  readonly licence: string
  /** How many classes they tell apart. */
  readonly classes: number
  /** Height and width of the pictures that they were trained on, in pixels. */
  readonly inputSize: number
  /** Of the network's values as float32, which is the file's size to within its names and what auxiliary heads it holds. */
  readonly bytes: number
  /** On ImageNet's validation pictures (CIFAR-10's test pictures), in percent, with where that is said; `undefined` where none was published. */
  readonly accuracy: WeightsRecord['accuracy'] | undefined
}

/** What is known of a network without loading its weights. */
export interface ModelInfo {
  /** What `createModel` takes. */
  readonly name: ModelName
  /** The form that the numbers are of: the one that `createModel` makes, unless another was asked for. */
  readonly flavor: string
  /** All the forms there are. */
  readonly flavors: readonly string[]
  /** Height and width of its pictures, in pixels. */
  readonly inputSize: number
  /** Weights and moving statistics, with its classifier. */
  readonly parameters: number
  /** Of its convolutions and dense layers, for one picture. */
  readonly multiplyAccumulates: number
  /** Layers that have weights, as Keras' documentation counts them: 16 for VGG-16, 107 for ResNet-50, whose norms count. */
  readonly depth: number
  /** The same layer by layer, with activations and receptive fields. */
  readonly cost: Cost
  /** The weights on record, the default first. */
  readonly weights: readonly PublishedWeights[]
  /** URL of the publication. */
  readonly paper: string
}

/**
 * What is known of a network: its cost, its weights, its paper. No weights are read or drawn.
 *
 * @param options the form of the network that the numbers are to be of
 * @throws `UNKNOWN_MODEL`, `UNKNOWN_FLAVOR`
 */
export async function modelInfo(
  name: ModelName,
  options: {
    /** `'keras'`, `'torchvision'`, ...; the one that `createModel` makes unless given. */
    readonly flavor?: string
  } = {},
): Promise<ModelInfo> {
  const architecture = await architectureOf(name)
  const { flavors, records, paper } = architecture
  const flavor = flavorOf(architecture, options, options.flavor === undefined ? records[0] : undefined)
  const plan = { flavor, record: records.find((record) => record.flavor === flavor.name) }
  const { cost, depth } = measured(architecture, plan)
  return {
    name,
    flavor: flavor.name,
    flavors: flavors.map((form) => form.name),
    inputSize: inputShapeOf(architecture, {}, plan)[0]!,
    parameters: cost.parameters,
    multiplyAccumulates: cost.multiplyAccumulates,
    depth,
    cost,
    weights: weightsOf(architecture, plan, cost),
    paper,
  }
}

type Plan = Omit<BuildPlan, 'weightsFollow'>

/** The weights on record; what was built is not built again for its size. */
function weightsOf(architecture: Architecture, built: Plan, cost: Cost): readonly PublishedWeights[] {
  const parameters = new Map([[`${built.flavor.name} ${built.record?.classes}`, cost.parameters]])
  return architecture.records.map((record) => {
    const { tag, flavor: name, publisher, licence, classes, preprocessing, accuracy } = record
    const key = `${name} ${classes}`
    const flavor = architecture.flavors.find((form) => form.name === name)!
    const count = parameters.get(key) ?? measured(architecture, { flavor, record }).cost.parameters
    parameters.set(key, count)
    const inputSize = preprocessing.size[0]
    return { tag, flavor: name, publisher, licence, classes, inputSize, bytes: 4 * count, accuracy }
  })
}

function measured(architecture: Architecture, plan: Plan): { cost: Cost; depth: number } {
  const model = buildNetwork(architecture, {}, { ...plan, weightsFollow: true })
  const result = { cost: costOf(model), depth: depthOf(model) }
  model.dispose()
  return result
}

/** A separable convolution is one layer to Keras and two here, with nothing between them. */
function depthOf(model: LayersModel): number {
  const weighted = model.layers.filter(({ weights }) => weights.length > 0)
  const second = weighted.filter((layer) => {
    const before = inputsOf(layer)[0]?.sourceLayer.getClassName()
    return layer.getClassName() === 'Conv2D' && before === 'DepthwiseConv2D'
  })
  return weighted.length - second.length
}
