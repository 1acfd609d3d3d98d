import { globalPool, layersAt, logits, outputOf, rootScope, type Scope, scores } from '@cnnkit/layers'
import { input, type LayersModel, model as layersModel, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import type { Architecture, AuxiliaryHead, HeadOptions, PublishedForm, WeightsRecord } from './architecture.ts'
import type { ModelOptions } from './model-options.ts'

/** What a network is built for. */
export interface BuildPlan {
  readonly flavor: PublishedForm
  /** The published weights that follow, if any; they say how many classes there are. */
  readonly record?: WeightsRecord | undefined
  /** Whether weights are assigned next, so that no initialiser need run. */
  readonly weightsFollow: boolean
}

/** The network alone: no weights loaded, no card. Its outputs are its own, then those of its auxiliary heads. */
export function buildNetwork(architecture: Architecture, options: ModelOptions, plan: BuildPlan): LayersModel {
  const { includeTop = true, pooling, activation = 'softmax', seed } = options
  const classes = options.classes ?? plan.record?.classes ?? architecture.classes ?? 1000
  const root = (weightsFollow: boolean): Scope =>
    rootScope({ flavor: plan.flavor, weightsFollow, ...(seed === undefined ? {} : { seed }) })
  const x = options.inputTensor ?? input({ shape: [...inputShapeOf(architecture, options, plan)], name: 'input' })
  const grid = architecture.body(x, root(plan.weightsFollow))
  const inputs = sourcesOf(x)
  const heads = root(plan.weightsFollow && !hasFreshHead(options, plan.record))
  const name = architecture.name
  if (!includeTop) {
    return layersModel({ inputs, outputs: pooling ? globalPool(grid, heads.at('head'), pooling) : grid, name })
  }
  const dropout = options.dropout ?? plan.flavor.dropout ?? architecture.dropout ?? 0
  const top = (architecture.head ?? pooledHead)(grid, heads.at('head'), { classes, dropout, pooling: pooling ?? 'avg' })
  const outputs = [scores(top, heads.at('head'), activation)]
  if (options.auxiliary) {
    const body = layersModel({ inputs, outputs: grid })
    for (const { path, at, logits } of auxiliaryHeads(architecture, plan.flavor)) {
      const scope = heads.at(path)
      outputs.push(scores(logits(outputOf(layersAt(body, at).at(-1)!), scope, { classes }), scope, activation))
    }
  }
  return layersModel({ inputs, outputs: outputs.length === 1 ? outputs[0]! : outputs, name })
}

/** The auxiliary heads that a published form of a network has. */
export function auxiliaryHeads({ auxiliary = [] }: Architecture, { name }: PublishedForm): readonly AuxiliaryHead[] {
  return auxiliary.filter(({ flavors }) => flavors === undefined || flavors.includes(name))
}

/** The smallest height and width in pixels that a published form of a network takes, with its auxiliary heads or without. */
export function minimumSizeOf(architecture: Architecture, form: PublishedForm, auxiliary = false): number {
  const heads = auxiliary ? auxiliaryHeads(architecture, form) : []
  const own = form.minimumSize ?? architecture.minimumSize
  return Math.max(own, ...heads.map(({ minimumSize = own }) => minimumSize))
}

/** Whether the classes asked for may be others than the weights', so that the classifier starts afresh. */
export function hasFreshHead({ classes }: ModelOptions, record: WeightsRecord | undefined): boolean {
  return classes !== undefined && classes !== record?.classes
}

/** `[height, width, channels]` of the pictures that a network is built for. */
export function inputShapeOf(
  { preprocessing }: Architecture,
  { inputShape, inputTensor }: ModelOptions,
  { flavor, record }: Pick<BuildPlan, 'flavor' | 'record'>,
): readonly [height: number | null, width: number | null, channels: number | null] {
  if (inputTensor) return inputTensor.shape.slice(1) as [number | null, number | null, number | null]
  const { size } = record?.preprocessing ?? flavor.preprocessing ?? preprocessing
  return inputShape ?? [...size, 3]
}

function pooledHead(x: SymbolicTensor, scope: Scope, { classes, dropout, pooling }: HeadOptions): SymbolicTensor {
  return logits(globalPool(x, scope, pooling), scope, { classes, dropout })
}

/** The inputs of the graph that a tensor ends. */
function sourcesOf(tensor: SymbolicTensor): SymbolicTensor[] {
  const before = tensor.sourceLayer.inboundNodes[0]?.inputTensors ?? []
  const { inboundLayers = [] } = tensor.sourceLayer.inboundNodes[0] ?? {}
  return inboundLayers.length === 0 ? [tensor] : [...new Set(before.flatMap(sourcesOf))]
}
