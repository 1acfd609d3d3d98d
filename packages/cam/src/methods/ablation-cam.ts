import { div, equal, expandDims, mul, onesLike, slice, sub, where } from '@tensorflow/tfjs-core'
import { oneHot } from '../one-hot.ts'
import { type MapFunction, mapsBy } from '../procedure.ts'
import { type ChannelMethod, type ChannelOptions, type Channels, mapByChannels } from './channels.ts'

/**
 * Ablation-CAM (Desai and Ramaswamy 2020, "Ablation-CAM: visual explanations for deep convolutional network via gradient-free
 * localization", equation 5): a channel counts as much as the score drops, in shares of it, when the channel is set to zero.
 * What follows the layer runs once for each channel; the way up to it, once.
 *
 * Where a layer hands on nothing negative this is what pytorch-grad-cam does. In other layers that sets channels to -1e7 and
 * less, by their place in the batch; here it is zero throughout, as in the paper.
 */
export const ablationCam: MapFunction<ChannelOptions> = mapsBy((options) => ({
  name: 'ablation-cam',
  mapInBatches: (evidence) => {
    const { activations, scores, scoreGrids } = evidence
    const [, height, width, all] = activations.shape
    const score = ({ picture, indices }: Channels) => {
      const grid = slice(activations, [picture, 0, 0, 0], [1, height, width, all])
      const others = sub(1, oneHot(indices, all))
      return scoreGrids(mul(grid, expandDims(expandDims(others, 1), 1)), picture)
    }
    const weights: ChannelMethod['weights'] = (without) => {
      const whole = expandDims(scores(), 1)
      return div(sub(whole, without), where(equal(whole, 0), onesLike(whole), whole))
    }
    return mapByChannels(evidence, { score, weights }, options)
  },
}))
