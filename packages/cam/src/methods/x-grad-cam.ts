import { add, div, mul, sum } from '@tensorflow/tfjs-core'
import { type MapFunction, mapsBy } from '../procedure.ts'

/**
 * XGrad-CAM (Fu et al. 2020, "Axiom-based Grad-CAM: towards accurate visualization and explanation of CNNs", equation 8): the
 * gradient's mean over the grid is weighed by where the channel is active, so that the channels' shares come as near as
 * they can to what the score would lose without them.
 *
 * As in pytorch-grad-cam, 1e-7 is added to a channel's sum.
 */
export const xGradCam: MapFunction = mapsBy(() => ({
  name: 'x-grad-cam',
  map: ({ activations, gradients }) => {
    const total = add(sum(activations, [1, 2], true), 1e-7)
    const weights = sum(div(mul(gradients(), activations), total), [1, 2], true)
    return sum(mul(activations, weights), 3)
  },
}))
