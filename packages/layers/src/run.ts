import { CnnkitError } from '@cnnkit/errors'
import { dispose, type Tensor, tidy } from '@tensorflow/tfjs-core'
import type { LayersModel, layers, SymbolicTensor } from '@tensorflow/tfjs-layers'
import { graphOf, type Step } from './graph.ts'
import { BatchNorm } from './layers/batch-norm.ts'
import { inputsOf, outputOf } from './path.ts'

type Layer = layers.Layer

/** A stretch of a network: from the tensor it starts with to the one it ends with. */
export interface Stretch {
  /** Where values are put in: the network's input or any tensor inside it. */
  readonly from: SymbolicTensor
  /** Where values are taken out. */
  readonly to: SymbolicTensor
  /** What is done between the two, in an order in which it can run. */
  readonly steps: readonly Step[]
  /** The layers that do it, each once. */
  readonly layers: readonly Layer[]
}

/**
 * The stretch of a network between two of its tensors. They may lie inside a model that is a layer of it.
 *
 * @throws `NOT_A_CUT` when `to` also needs something that does not come through `from`, as within a residual block.
 */
export function stretch(model: LayersModel, from: SymbolicTensor, to: SymbolicTensor): Stretch {
  const graph = graphOf(model)
  const [start, end] = [graph.resolve(from), graph.resolve(to)]
  const makers = new Map(graph.steps.flatMap((step) => step.outputs.map(({ id }) => [id, step] as const)))
  const needed = new Set<Step>()
  const visit = ({ id }: SymbolicTensor): void => {
    const step = makers.get(id)
    if (id === start.id || (step && needed.has(step))) return
    if (!step) {
      throw new CnnkitError(
        'layers',
        'NOT_A_CUT',
        `"${to.sourceLayer.name}" needs more of ${model.name} than what comes through "${from.sourceLayer.name}". Cut between blocks, not inside one.`,
      )
    }
    needed.add(step)
    step.inputs.forEach(visit)
  }
  visit(end)
  const steps = graph.steps.filter((step) => needed.has(step))
  return { from: start, to: end, steps, layers: [...new Set(steps.map(({ layer }) => layer))] }
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
  { from, to, steps }: Stretch,
  value: Tensor,
  options: { readonly training?: boolean; readonly keepAll?: boolean } = {},
): Tensor {
  const { training = false, keepAll = training } = options
  if (from.id === to.id) return value.clone()
  const values = new Map<number, Tensor>([[from.id, value]])
  const uses = countUses(steps, to)
  for (const step of steps) {
    const inputs = step.inputs.map((tensor) => values.get(tensor.id)!)
    // In a tidy, as some of TensorFlow.js' layers (ReLU with a maximum) leave tensors behind.
    const made = tidy(
      () => step.layer.apply(inputs.length === 1 ? inputs[0]! : inputs, { training }) as Tensor | Tensor[],
    )
    for (const [i, output] of (Array.isArray(made) ? made : [made]).entries()) values.set(step.outputs[i]!.id, output)
    if (!keepAll) release(step, uses, values, value)
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
  const pending = new Map<number, number>()
  for (const { id } of model.layers.flatMap(inputsOf)) pending.set(id, (pending.get(id) ?? 0) + 1)
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

/** How often each tensor is still needed; what nothing needs is let go of at once. */
function countUses(steps: readonly Step[], to: SymbolicTensor): Map<number, number> {
  const uses = new Map<number, number>([[to.id, 1]])
  for (const { inputs } of steps) for (const { id } of inputs) uses.set(id, (uses.get(id) ?? 0) + 1)
  return uses
}

function release(
  { inputs, outputs }: Step,
  uses: Map<number, number>,
  values: Map<number, Tensor>,
  given: Tensor,
): void {
  for (const { id } of inputs) uses.set(id, uses.get(id)! - 1)
  for (const { id } of [...inputs, ...outputs]) {
    const value = values.get(id)
    if ((uses.get(id) ?? 0) > 0 || value === undefined || value === given) continue
    dispose(value)
    values.delete(id)
  }
}
