import { CnnkitError } from '@cnnkit/errors'
import { activationOf } from './logits.ts'
import { type Network, sectionAbove } from './network.ts'
import type { Step } from './step.ts'

/** What follows from a grid that is averaged to a vector which a linear layer reads: what Zhou's CAM needs. */
export interface PooledSection {
  /** The global average pooling. */
  readonly pooling: Step
  /** What follows from the vector, to the logits. */
  readonly steps: readonly Step[]
}

const LINEAR = new Set(['Dense', 'Conv2D', 'Flatten', 'Reshape', 'Dropout'])

/**
 * The section that follows from a grid, given by its id.
 *
 * @throws `NO_POOLING` where it is another
 */
export function pooledSection(network: Network, id: number): PooledSection {
  const [pooling, ...steps] = sectionAbove(network, [id]).steps
  if (pooling && averages(pooling) && steps.every((step) => isLinear(step, network))) return { pooling, steps }
  throw new CnnkitError(
    'cam',
    'NO_POOLING',
    `CAM reads the weights of one dense layer that follows global average pooling, and ${network.model.name} goes on otherwise from this grid. Read another layer or use withGapHead(model) of @cnnkit/layers, or Grad-CAM, which needs no such layer.`,
  )
}

/** The id of the grid that a network averages to a vector last, if it does. */
export function pooledGrid(network: Network): number | undefined {
  return network.steps.findLast(averages)?.inputs[0]?.id
}

/** Whether a step averages a grid to one value a channel. */
function averages({ layer, inputs, outputs }: Step): boolean {
  if (inputs[0]!.shape.length !== 4) return false
  const name = layer.getClassName()
  if (name === 'GlobalAveragePooling2D') return true
  const [, height, width] = outputs[0]!.shape
  return /^(Adaptive)?AveragePooling2D$/.test(name) && height === 1 && width === 1
}

function isLinear(step: Step, { final }: Network): boolean {
  if (step === final?.step) return true
  return LINEAR.has(step.layer.getClassName()) && (activationOf(step.layer) ?? 'linear') === 'linear'
}
