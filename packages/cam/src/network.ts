import { CnnkitError } from '@cnnkit/errors'
import { stretch } from '@cnnkit/layers'
import { type Tensor, tidy } from '@tensorflow/tfjs-core'
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers'
import { applyForLogits, type Final, finalOf } from './logits.ts'
import { type Apply, applied, type Step } from './step.ts'

/** Tensors with values, by the id of the symbolic tensor whose value they are. */
export type Values = Map<number, Tensor>

/** A network as it is run for maps: from its one input to its logits, through models inside it. */
export interface Network {
  readonly model: LayersModel
  /** Id of the input. */
  readonly input: number
  /** Id of the first output; its value is the logits, as {@link Network.apply} leaves the final softmax off. */
  readonly output: number
  /** All that is needed for the first output, in an order in which it can run. Auxiliary heads are not. */
  readonly steps: readonly Step[]
  /** Runs a step in inference, the final one without its softmax or sigmoid. */
  readonly apply: Apply
  /** Where the scores are made of the logits, if anywhere. */
  readonly final: Final | undefined
  /** The id of a tensor, which may be the border of a model inside the network. */
  idOf(tensor: SymbolicTensor): number
}

/** @throws `NO_LOGITS` when the network does not end in one score a class */
export function networkOf(model: LayersModel): Network {
  const [input, output] = [model.inputs[0]!, model.outputs[0]!]
  if (output.shape.length !== 2) {
    throw new CnnkitError(
      'cam',
      'NO_LOGITS',
      `${model.name} ends in [${output.shape.join(', ')}], not in one score a class. Use a model with a classifier.`,
    )
  }
  const { from, to, steps } = stretch(model, input, output)
  const final = finalOf(steps, to.id)
  return {
    model,
    input: from.id,
    output: to.id,
    steps,
    final,
    apply: (step, inputs) => (step === final?.step ? applyForLogits(final, inputs) : applied(step, inputs)),
    idOf: (tensor) => stretch(model, tensor, tensor).to.id,
  }
}

/** A part of a network: what follows from some of its tensors. */
export interface Section {
  readonly steps: readonly Step[]
  /** Ids of tensors made outside of it that it needs, beside those it follows from: the shortcut where it starts inside a residual block. */
  readonly open: readonly number[]
}

/** All that follows from some tensors, given by their ids. */
export function sectionAbove({ steps }: Network, ids: readonly number[]): Section {
  const known = new Set(ids)
  const above: Step[] = []
  for (const step of steps) {
    if (!step.inputs.some(({ id }) => known.has(id))) continue
    above.push(step)
    for (const { id } of step.outputs) known.add(id)
  }
  return {
    steps: above,
    open: [...new Set(above.flatMap(({ inputs }) => inputs.map(({ id }) => id)))].filter((id) => !known.has(id)),
  }
}

/** The steps that some tensors need, from the input. */
export function sectionBelow({ steps }: Network, ids: readonly number[]): readonly Step[] {
  const needed = new Set(ids)
  const below: Step[] = []
  for (const step of [...steps].reverse()) {
    if (!step.outputs.some(({ id }) => needed.has(id))) continue
    below.unshift(step)
    for (const { id } of step.inputs) needed.add(id)
  }
  return below
}

/** What {@link runSteps} does beside running. */
export interface RunOptions {
  readonly apply: Apply
  /** Ids of the tensors that stay; all others that steps made are disposed as soon as nothing needs them. Without it all stay, as under a gradient tape. */
  readonly retain?: readonly number[]
  /** What a tensor is replaced by as it is made. */
  readonly tap?: (value: Tensor, id: number) => Tensor
}

/** Runs steps on values, to which it adds those that they make. Values that were there before are not disposed. */
export function runSteps(steps: readonly Step[], values: Values, { apply, retain, tap }: RunOptions): void {
  const left = new Map<number, number>(retain?.map((id) => [id, 1]))
  for (const { inputs } of steps) for (const { id } of inputs) left.set(id, (left.get(id) ?? 0) + 1)
  const given = new Set(values.keys())
  for (const step of steps) {
    const inputs = step.inputs.map(({ id }) => values.get(id)!)
    // In a tidy, as some of TensorFlow.js' layers (ReLU with a maximum) leave tensors behind.
    const made = tidy(() => apply(step, inputs))
    for (const [i, value] of (Array.isArray(made) ? made : [made]).entries()) {
      const { id } = step.outputs[i]!
      values.set(id, tap ? tap(value, id) : value)
    }
    if (!retain) continue
    for (const { id } of step.inputs) left.set(id, left.get(id)! - 1)
    for (const { id } of [...step.inputs, ...step.outputs]) {
      if (left.get(id) || given.has(id)) continue
      values.get(id)?.dispose()
      values.delete(id)
    }
  }
}
