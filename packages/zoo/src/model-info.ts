import { type Cost, costOf } from '@cnnkit/layers'
import { buildNetwork } from './build-network.ts'
import { architectureOf, type ModelName } from './models.ts'

/** What is known of a network without loading its weights. */
export interface ModelInfo {
  /** What `createModel` takes. */
  readonly name: ModelName
  /** Height and width of its pictures, in pixels. */
  readonly inputSize: number
  /** Parameters, multiply-accumulates and the rest, layer by layer and in all, with its classifier for 1000 classes. */
  readonly cost: Cost
  /** The weights on record, the default first. */
  readonly weights: readonly {
    /** What `weights` takes. */
    readonly tag: string
    /** Who published them, and where. */
    readonly publisher: string
    /** SPDX identifier, or what the publisher says. */
    readonly licence: string
    /** On ImageNet's validation pictures (CIFAR-10's test pictures), in percent, with where that is said; `undefined` where none was published. */
    readonly accuracy:
      | {
          /** The most probable class is right. */
          readonly top1: number
          /** The right class is among the five most probable; absent where it was not published. */
          readonly top5?: number
          /** Who measured it. */
          readonly source: string
        }
      | undefined
  }[]
  /** URL of the publication. */
  readonly paper: string
}

/**
 * What is known of a network: its cost, its weights, its paper. No weights are read or drawn.
 *
 * @throws `UNKNOWN_MODEL`
 */
export async function modelInfo(name: ModelName): Promise<ModelInfo> {
  const architecture = await architectureOf(name)
  const model = buildNetwork(architecture, {}, { flavor: architecture.flavors[0]!, weightsFollow: true })
  const cost = costOf(model)
  model.dispose()
  const weights = architecture.records.map(({ tag, publisher, licence, accuracy }) => ({
    tag,
    publisher,
    licence,
    accuracy,
  }))
  return {
    name,
    inputSize: (architecture.flavors[0]!.preprocessing ?? architecture.preprocessing).size[0],
    cost,
    weights,
    paper: architecture.paper,
  }
}
