import { add, div, mul, notEqual, relu, sum, type Tensor, where, zerosLike } from '@tensorflow/tfjs-core'
import { type MapFunction, mapsBy } from '../procedure.ts'

/**
 * Grad-CAM++ (Chattopadhay et al. 2017, "Grad-CAM++: generalized gradient-based visual explanations for deep convolutional
 * networks", equations 10 and 19): positive gradients count, each place by itself, so that a channel which fires in a few
 * places of many, or in several objects, is not averaged away.
 *
 * As in pytorch-grad-cam, the score is the logit (in the paper its exponential), and 1e-6 is added to the denominator: where
 * gradients are below 1e-3 it has the word.
 */
export const gradCamPlusPlus: MapFunction = mapsBy(() => ({
  name: 'grad-cam++',
  map: ({ activations, gradients }) => {
    const first = gradients()
    const second = mul(first, first)
    const weights = plusPlusWeights(activations, first, second, mul(second, first))
    return sum(mul(activations, weights), 3)
  },
}))

/**
 * The weight of each channel by the first, second and third powers of the gradient: `[batch, height, width, channels]` each,
 * to `[batch, 1, 1, channels]`.
 */
export function plusPlusWeights(activations: Tensor, first: Tensor, second: Tensor, third: Tensor): Tensor {
  const total = sum(activations, [1, 2], true)
  const shares = div(second, add(add(mul(second, 2), mul(total, third)), 1e-6))
  const alpha = where(notEqual(first, 0), shares, zerosLike(shares))
  return sum(mul(relu(first), alpha), [1, 2], true)
}
