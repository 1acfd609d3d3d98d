import { endpoint, inputsOf, layersAt, runStretch, type Stretch, stretch } from '@cnnkit/layers'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core'
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers'

/** The part of a network that is trained, from where its values come in to the logits. */
export interface Forward {
  /** From there to the network's own logits. */
  readonly tail: Stretch
  /** The same in parts, one after the other: at the end of each, auxiliary heads may branch off. */
  readonly parts: readonly Part[]
  /** All layers of it, each once: the tail's, then those of auxiliary heads. */
  readonly layers: Stretch['layers']
}

interface Part {
  readonly trunk: Stretch
  /** From the end of the trunk to the logits of each auxiliary head. */
  readonly heads: readonly Stretch[]
}

/**
 * The way from a tensor to the logits of a network, and to those of its auxiliary heads where they are asked for.
 *
 * @param from before all that is trained
 */
export function forwardOf(model: LayersModel, from: SymbolicTensor, auxiliary: boolean): Forward {
  const logits = logitsOf(model)
  const tail = stretch(model, from, logits)
  const branches = auxiliary ? branchesOf(model, tail) : []
  const parts: Part[] = []
  let start = from
  for (const { at, ends } of branches) {
    parts.push({ trunk: stretch(model, start, at), heads: ends.map((end) => stretch(model, at, end)) })
    start = at
  }
  parts.push({ trunk: stretch(model, start, logits), heads: [] })
  const heads = parts.flatMap((part) => part.heads.flatMap((head) => head.layers))
  return { tail, parts, layers: [...new Set([...tail.layers, ...heads])] }
}

/** What the scores are made of, `[batch, outputs]`: SqueezeNet's `head.logits` is a grid, which is pooled first. */
function logitsOf(model: LayersModel): SymbolicTensor {
  const logits = endpoint(model, 'head.logits')
  if (logits.shape.length === 2) return logits
  const scores = model.layers.find(({ name }) => name === 'head.scores')
  return scores ? inputsOf(scores)[0]! : model.outputs[0]!
}

/** Names of a network's auxiliary heads: `aux1`, `aux2`. */
export function auxiliaryHeads(model: LayersModel): readonly string[] {
  const names = model.outputs.slice(1).map((output) => output.sourceLayer.name.split('.')[0]!)
  return [...new Set(names)].filter((name) => /^aux\d+$/.test(name))
}

/**
 * Runs it for training. Call it under a gradient tape.
 *
 * @returns the logits `[batch, classes]` of the network, then those of its auxiliary heads
 */
export function runForward({ parts }: Forward, x: Tensor): readonly [Tensor2D, ...Tensor2D[]] {
  const side: Tensor2D[] = []
  let value = x
  for (const { trunk, heads } of parts) {
    value = runStretch(trunk, value, { training: true })
    for (const head of heads) side.push(runStretch(head, value, { training: true }) as Tensor2D)
  }
  return [value as Tensor2D, ...side]
}

interface Branch {
  readonly at: SymbolicTensor
  readonly ends: readonly SymbolicTensor[]
}

/** Where auxiliary heads leave the trunk, in the order in which it runs. */
function branchesOf(model: LayersModel, { from, steps }: Stretch): readonly Branch[] {
  const found = new Map<number, { at: SymbolicTensor; ends: SymbolicTensor[] }>()
  for (const name of auxiliaryHeads(model)) {
    const at = inputsOf(layersAt(model, name)[0]!)[0]!
    const branch = found.get(at.id) ?? { at, ends: [] }
    branch.ends.push(endpoint(model, `${name}.logits`))
    found.set(at.id, branch)
  }
  const order = [from.id, ...steps.flatMap(({ outputs }) => outputs.map(({ id }) => id))]
  return [...found.values()].sort((a, b) => order.indexOf(a.at.id) - order.indexOf(b.at.id))
}
