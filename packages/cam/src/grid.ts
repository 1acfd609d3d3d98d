import { CnnkitError } from '@cnnkit/errors'
import { endpoint, stages } from '@cnnkit/layers'
import type { SymbolicTensor } from '@tensorflow/tfjs-layers'
import type { Method } from './method.ts'
import type { Network } from './network.ts'
import { pooledGrid } from './pooled.ts'

/** A tensor of a network that has height and width. */
export interface Grid {
  /** Of the layer or path that hands it on. */
  readonly name: string
  /** Of the symbolic tensor. */
  readonly id: number
}

/**
 * The grids that maps are read from, each once.
 *
 * @throws `UNKNOWN_LAYER`, `NOT_A_GRID`, `NOT_ON_THE_WAY`
 */
export function gridsOf(
  network: Network,
  asked: string | readonly string[] | undefined,
  reads: Method['reads'] = 'stage',
): readonly Grid[] {
  if (reads === 'input') return [{ name: network.model.inputs[0]!.name, id: network.input }]
  if (asked === undefined || asked.length === 0) return [defaultGrid(network, reads)]
  return [...new Set(typeof asked === 'string' ? [asked] : asked)].map((name) => gridAt(network, name))
}

function gridAt(network: Network, name: string): Grid {
  const { model } = network
  // A model inside the network is no part of a path; all else is what stands under the name, its norm and ReLU too.
  const inner = model.layers.find((layer) => layer.name === name && 'layers' in layer)
  const tensor = inner
    ? (inner.getOutputAt(inner.inboundNodes.length > 1 ? 1 : 0) as SymbolicTensor)
    : endpoint(model, name)
  if (tensor.shape.length !== 4) {
    throw new CnnkitError(
      'cam',
      'NOT_A_GRID',
      `"${name}" of ${model.name} hands on [${tensor.shape.join(', ')}], which has no height and width. Use a stage or a convolution.`,
    )
  }
  const id = network.idOf(tensor)
  if (id === network.input || network.steps.some(({ outputs }) => outputs.some((output) => output.id === id))) {
    return { name, id }
  }
  throw new CnnkitError(
    'cam',
    'NOT_ON_THE_WAY',
    `"${name}" is not on the way to the first output of ${model.name}, or lies in a model that is applied twice. Use a layer between the input and that output.`,
  )
}

function defaultGrid(network: Network, reads: 'stage' | 'pooled'): Grid {
  const pooled = reads === 'pooled' ? pooledGrid(network) : undefined
  if (pooled !== undefined) return { name: nameOf(network, pooled), id: pooled }
  const stage = stages(network.model).findLast(({ output }) => output.shape.length === 4)
  if (stage) return gridAt(network, stage.name)
  const isWide = ({ shape }: SymbolicTensor): boolean => shape.length === 4 && !(shape[1] === 1 && shape[2] === 1)
  const last = network.steps.findLast(({ outputs }) => isWide(outputs[0]!))
  if (last) return { name: last.layer.name, id: last.outputs[0]!.id }
  throw new CnnkitError(
    'cam',
    'NOT_A_GRID',
    `No layer of ${network.model.name} hands on a grid. Maps need a convolutional network.`,
  )
}

/** The stage that ends in a grid, else the layer that hands it on. */
function nameOf(network: Network, id: number): string {
  const { steps, model } = network
  const stage = stages(model).find(({ output }) => network.idOf(output) === id)
  return stage?.name ?? steps.find(({ outputs }) => outputs[0]!.id === id)?.layer.name ?? model.inputs[0]!.name
}
