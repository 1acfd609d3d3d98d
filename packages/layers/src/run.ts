import { CnnkitError } from '@cnnkit/errors'
import { dispose, type Tensor, tidy } from '@tensorflow/tfjs-core'
import type { LayersModel, layers, SymbolicTensor } from '@tensorflow/tfjs-layers'
import { BatchNorm } from './layers/batch-norm.ts'
import { inputsOf, outputOf } from './path.ts'

type Layer = layers.Layer

/** A stretch of a network: from the tensor it starts with to the one it ends with. */
export interface Stretch {
  /** Where values are put in: the network's input or any tensor inside it. */
  readonly from: SymbolicTensor
  /** Where values are taken out. */
  readonly to: SymbolicTensor
  /** The layers between the two, in the order they run. */
  readonly layers: readonly Layer[]
}

/**
 * The stretch of a network between two of its tensors.
 *
 * @throws `NOT_A_CUT` when `to` also needs something that does not come through `from`, as within a residual block.
 */
export function stretch(model: LayersModel, from: SymbolicTensor, to: SymbolicTensor): Stretch {
  const needed = new Set<Layer>()
  const visit = (tensor: SymbolicTensor): void => {
    if (tensor.id === from.id) return
    const layer = tensor.sourceLayer as Layer
    if (needed.has(layer)) return
    const inputs = inputsOf(layer)
    if (inputs.length === 0) {
      throw new CnnkitError(
        'layers',
        'NOT_A_CUT',
        `"${to.sourceLayer.name}" needs more of ${model.name} than what comes through "${from.sourceLayer.name}". Cut between blocks, not inside one.`,
      )
    }
    needed.add(layer)
    inputs.forEach(visit)
  }
  visit(to)
  return { from, to, layers: model.layers.filter((layer) => needed.has(layer)) }
}

/**
 * Runs a stretch of a network on values for its first tensor. The network itself is left as it is: no layer is applied
 * anew symbolically, and weights are the network's own.
 *
 * In inference what lies between is disposed as soon as nothing needs it. Under a gradient tape (`training` or not) call
 * it inside `tidy`, with `keepAll`, as the tape needs the values. The caller disposes the result.
 *
 * @param training whether dropout drops and unfrozen norms use the statistics of the batch
 */
export function runStretch(
  { from, to, layers }: Stretch,
  value: Tensor,
  options: { readonly training?: boolean; readonly keepAll?: boolean } = {},
): Tensor {
  const { training = false, keepAll = training } = options
  if (from.id === to.id) return value.clone()
  const values = new Map<number, Tensor>([[from.id, value]])
  const uses = countUses(layers)
  for (const layer of layers) {
    const inputs = inputsOf(layer).map((tensor) => values.get(tensor.id)!)
    // In a tidy, as some of TensorFlow.js' layers (ReLU with a maximum) leave tensors behind.
    const output = tidy(() => layer.apply(inputs.length === 1 ? inputs[0]! : inputs, { training }) as Tensor | Tensor[])
    values.set(outputOf(layer).id, Array.isArray(output) ? output[0]! : output)
    if (!keepAll) release(layer, uses, values, value)
  }
  return values.get(to.id)!
}

/**
 * The last tensor of a network before which nothing is trained or drawn at random and through which all values pass: up
 * to there the network is a fixed function, so its values may be computed once. It is the input itself when the first
 * layers train.
 */
export function frozenPrefixEnd(model: LayersModel): SymbolicTensor {
  const input = model.inputs[0]!
  let end = input
  const open = new Set<number>([input.id])
  const pending = countUses(model.layers)
  for (const layer of model.layers) {
    const inputs = inputsOf(layer)
    if (inputs.length === 0) continue
    if (differsInTraining(layer)) break
    for (const tensor of inputs) {
      const left = pending.get(tensor.id)! - 1
      pending.set(tensor.id, left)
      if (left === 0) open.delete(tensor.id)
    }
    const output = outputOf(layer)
    open.add(output.id)
    if (open.size === 1) end = output
  }
  return end
}

const RANDOM = new Set(['Dropout', 'SpatialDropout1D', 'AlphaDropout', 'GaussianDropout', 'GaussianNoise'])

function differsInTraining(layer: Layer): boolean {
  if (layer instanceof BatchNorm) return !layer.frozen
  return layer.trainableWeights.length > 0 || RANDOM.has(layer.getClassName())
}

function countUses(layers: readonly Layer[]): Map<number, number> {
  const uses = new Map<number, number>()
  for (const layer of layers) {
    for (const tensor of inputsOf(layer)) uses.set(tensor.id, (uses.get(tensor.id) ?? 0) + 1)
  }
  return uses
}

function release(layer: Layer, uses: Map<number, number>, values: Map<number, Tensor>, given: Tensor): void {
  for (const tensor of inputsOf(layer)) {
    const left = uses.get(tensor.id)! - 1
    uses.set(tensor.id, left)
    const value = values.get(tensor.id)
    if (left > 0 || value === undefined || value === given) continue
    dispose(value)
    values.delete(tensor.id)
  }
}
