import type { Stretch } from '@cnnkit/layers'
import type { Tensor } from '@tensorflow/tfjs-core'

/** One application of a layer within a network. */
export type Step = Stretch['steps'][number]

/** How a step makes tensors of tensors. */
export type Apply = (step: Step, inputs: readonly Tensor[]) => Tensor | Tensor[]

/** What a layer makes in inference. */
export const applied: Apply = ({ layer }, inputs) =>
  layer.apply(inputs.length === 1 ? inputs[0]! : [...inputs], { training: false }) as Tensor | Tensor[]
