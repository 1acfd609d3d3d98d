import { CnnkitError } from '@cnnkit/errors'
import type { LayersModel, layers, SymbolicTensor } from '@tensorflow/tfjs-layers'
import { layersOf } from './graph.ts'

type Layer = layers.Layer

/** The top level of a network: `stem`, `stage1`, `stage2`, ..., `head`. */
export interface Stage {
  /** The first segment of its layers' names. */
  readonly name: string
  /** In the order they run. */
  readonly layers: readonly Layer[]
  /** What the stage hands on: `[batch, height, width, channels]`, or `[batch, classes]` at the head. */
  readonly output: SymbolicTensor
  /**
   * Input pixels from one unit of the grid it hands on to the next, a power of two in most networks: 32 at the end of
   * ResNet-50, and of Inception v3 too, whose unpadded borders leave 8 x 8 of 299 x 299. `undefined` where it hands on no grid.
   */
  readonly reduction: number | undefined
}

/**
 * Where to cut a network, in words that mean the same on every architecture: a path (`'stage4'`, `'stage4.block2'`), so
 * many stages from the end (`{ lastStages: 1 }`), or the first stage with a reduction (`{ reduction: 16 }`). The head is
 * not a stage.
 */
export type Where =
  | string
  | {
      /** How many stages, counted from the end, the head left out. */
      readonly lastStages: number
    }
  | {
      /** Input pixels from one unit of the grid to the next: the first stage that reaches it. */
      readonly reduction: number
    }

/** The layers of a model under a path: the layer of that name and all whose names continue it, in the order they run. */
export function layersAt(model: LayersModel, path: string): readonly Layer[] {
  const found = layersOf(model).filter((layer) => isUnder(layer.name, path))
  if (found.length === 0) throw unknownLayer(model, path)
  return found
}

/** The tensor that the part of the network under a path hands on: the output of its last layer. */
export function endpoint(model: LayersModel, path: string): SymbolicTensor {
  const found = layersAt(model, path)
  return outputOf(found[found.length - 1]!)
}

/** The stages of a network in order, stem and head included. A model that has no path names has none. */
export function stages(model: LayersModel): readonly Stage[] {
  const byName = new Map<string, Layer[]>()
  for (const layer of layersOf(model)) {
    const name = layer.name.split('.')[0]!
    if (!/^(stem|stage\d+|head)$/.test(name)) continue
    byName.set(name, [...(byName.get(name) ?? []), layer])
  }
  const steps = stepsOf(model)
  return [...byName].map(([name, members]) => {
    const output = outputOf(members[members.length - 1]!)
    return { name, layers: members, output, reduction: output.shape.length === 4 ? steps.get(output.id) : undefined }
  })
}

/**
 * The layers from a place to the end of the network, in the order they run.
 *
 * @throws `UNKNOWN_LAYER` when the network has no such place; the message says what it has.
 */
export function layersFrom(model: LayersModel, where: Where): readonly Layer[] {
  const first = layersAt(model, typeof where === 'string' ? where : stageAt(model, where).name)[0]!
  const all = layersOf(model)
  return all.slice(all.indexOf(first))
}

/** The symbolic tensor that a layer made when the network was built. */
export function outputOf(layer: Layer): SymbolicTensor {
  const output = layer.getOutputAt(0)
  return Array.isArray(output) ? output[0]! : output
}

/** The tensors that a layer took when the network was built; none for the input layer. */
export function inputsOf(layer: Layer): readonly SymbolicTensor[] {
  return layer.inboundNodes[0]?.inboundLayers.length ? layer.inboundNodes[0].inputTensors : []
}

/** By tensor: how many input rows lie between one row of it and the next, the strides on the way multiplied. */
function stepsOf(model: LayersModel): ReadonlyMap<number, number> {
  const steps = new Map<number, number>()
  for (const layer of layersOf(model)) {
    const before = inputsOf(layer).map((tensor) => steps.get(tensor.id) ?? 1)
    const { strides = 1 } = layer.getConfig() as { strides?: number | number[] }
    steps.set(outputOf(layer).id, Math.max(1, ...before) * (Array.isArray(strides) ? strides[0]! : strides))
  }
  return steps
}

function stageAt(model: LayersModel, where: Exclude<Where, string>): Stage {
  const body = stages(model).filter((stage) => stage.name !== 'head')
  const found =
    'lastStages' in where
      ? body.filter((stage) => stage.name !== 'stem').at(-where.lastStages || body.length)
      : body.find((stage) => stage.reduction === where.reduction)
  if (found) return found
  const has = body.map((stage) => `${stage.name} (reduction ${stage.reduction})`).join(', ')
  throw new CnnkitError(
    'layers',
    'UNKNOWN_LAYER',
    `No stage with ${JSON.stringify(where)}. ${model.name} has ${has || 'no stages'}.`,
  )
}

function isUnder(name: string, path: string): boolean {
  return name === path || name.startsWith(`${path}.`)
}

function unknownLayer(model: LayersModel, path: string): CnnkitError {
  const parents = path.split('.')
  let known = layersOf(model).map((layer) => layer.name)
  let depth = 0
  while (depth < parents.length - 1 && known.some((name) => isUnder(name, parents.slice(0, depth + 1).join('.')))) {
    const prefix = parents.slice(0, ++depth).join('.')
    known = known.filter((name) => isUnder(name, prefix))
  }
  const next = [...new Set(known.map((name) => name.split('.')[depth] ?? name))].filter((name) => !/^input/.test(name))
  const under = depth === 0 ? model.name : `"${parents.slice(0, depth).join('.')}"`
  const list = next.length > 12 ? `${next.slice(0, 12).join(', ')} and ${next.length - 12} more` : next.join(', ')
  return new CnnkitError('layers', 'UNKNOWN_LAYER', `No layer "${path}". ${under} has ${list}.`)
}
