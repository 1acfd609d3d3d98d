import type { Tensor } from '@tensorflow/tfjs-core'
import type { layers } from '@tensorflow/tfjs-layers'
import { applied, type Step } from './step.ts'

type Layer = layers.Layer

/** The step of a network that makes scores of its logits. */
export interface Final {
  readonly step: Step
  /** Whether it does nothing else, so that it can be left out: a softmax of its own, and not one within a dense layer. */
  readonly apart: boolean
}

const SCORES = new Set(['softmax', 'sigmoid', 'hardSigmoid'])
const SHAPES = new Set(['Reshape', 'Flatten', 'Dropout', 'Permute'])

/**
 * Where softmax or sigmoid are done for the tensor of an id: by a layer of their own, or within the last dense layer or
 * convolution. Layers that only reshape may follow.
 */
export function finalOf(steps: readonly Step[], output: number): Final | undefined {
  const makers = new Map(steps.flatMap((step) => step.outputs.map(({ id }) => [id, step] as const)))
  let step = makers.get(output)
  while (step && SHAPES.has(step.layer.getClassName())) step = makers.get(step.inputs[0]!.id)
  if (!step) return undefined
  const name = step.layer.getClassName()
  if (name === 'Softmax') return { step, apart: true }
  return SCORES.has(activationOf(step.layer) ?? '') ? { step, apart: name === 'Activation' } : undefined
}

/** What the final step hands on when its softmax or sigmoid is left off. */
export function applyForLogits({ step, apart }: Final, inputs: readonly Tensor[]): Tensor | Tensor[] {
  return apart ? inputs[0]!.clone() : withoutActivation(step, inputs)
}

/** The name of the activation that a layer ends with, if it has one: `relu`, `softmax`. */
export function activationOf(layer: Layer): string | undefined {
  const { activation } = layer.getConfig() as { activation?: unknown }
  return typeof activation === 'string' ? activation : undefined
}

/** What a dense layer or convolution makes before its activation. */
export function withoutActivation(step: Step, inputs: readonly Tensor[]): Tensor | Tensor[] {
  const layer = step.layer as Layer & { activation: unknown }
  const own = layer.activation
  layer.activation = linear
  try {
    return applied(step, inputs)
  } finally {
    layer.activation = own
  }
}

/** TensorFlow.js' linear activation, as its layers call it. */
const linear = { apply: (x: Tensor): Tensor => x, getClassName: (): string => 'linear' }
