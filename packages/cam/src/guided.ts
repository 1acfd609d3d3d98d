import { cast, customGrad, greater, less, logicalAnd, minimum, mul, relu, type Tensor } from '@tensorflow/tfjs-core'
import { activationOf, withoutActivation } from './logits.ts'
import type { Apply, Step } from './step.ts'

/**
 * Runs steps so that the gradient goes through a ReLU only where it is positive, and where the ReLU lets the value through
 * (Springenberg et al. 2014, "Striving for simplicity: the all convolutional net", section 3.4). A ReLU may be a layer, or
 * within a convolution or dense layer.
 */
export function guided(apply: Apply): Apply {
  return (step, inputs) => {
    const most = ceilingOf(step)
    if (most === undefined) return apply(step, inputs)
    const name = step.layer.getClassName()
    const before = name === 'ReLU' || name === 'Activation' ? inputs[0]! : withoutActivation(step, inputs)
    return guidedRelu(before as Tensor, most)
  }
}

/** The most that a ReLU lets through, infinity where there is no bound; `undefined` for a step that is none. */
function ceilingOf({ layer }: Step): number | undefined {
  if (layer.getClassName() === 'ReLU') {
    return (layer.getConfig() as { maxValue?: number | null }).maxValue ?? Number.POSITIVE_INFINITY
  }
  const activation = activationOf(layer)
  if (activation === 'relu6') return 6
  return activation === 'relu' ? Number.POSITIVE_INFINITY : undefined
}

function guidedRelu(x: Tensor, most: number): Tensor {
  return customGrad((given, save) => {
    const input = given as Tensor
    const bounded = most !== Number.POSITIVE_INFINITY
    const open = bounded ? logicalAnd(greater(input, 0), less(input, most)) : greater(input, 0)
    const mask = cast(open, 'float32')
    ;(save as (tensors: Tensor[]) => void)([mask])
    const gradFunc = (dy: Tensor, [saved]: Tensor[]) => mul(relu(dy), saved!)
    return { value: bounded ? minimum(relu(input), most) : relu(input), gradFunc }
  })(x)
}
