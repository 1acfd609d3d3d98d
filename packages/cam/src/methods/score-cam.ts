import {
  add,
  div,
  expandDims,
  image,
  max,
  min,
  mul,
  slice,
  softmax,
  sub,
  type Tensor4D,
  transpose,
} from '@tensorflow/tfjs-core'
import { type MapFunction, mapsBy } from '../procedure.ts'
import { type ChannelOptions, type Channels, mapByChannels } from './channels.ts'

/**
 * Score-CAM (Wang et al. 2020, "Score-CAM: score-weighted visual explanations for convolutional neural networks", algorithm
 * 1): a channel counts as much as the network likes the picture where that channel alone lets it through. No gradient is
 * taken; the whole network runs once for each channel, so give `channels` where time matters.
 *
 * As in pytorch-grad-cam, masks are scaled up with aligned corners and laid over the normalised input, the score is the
 * logit, not less that of a black picture, and the weights are a softmax over the channels that were run.
 */
export const scoreCam: MapFunction<ChannelOptions> = mapsBy((options) => ({
  name: 'score-cam',
  mapInBatches: (evidence) => {
    const { inputs, scoreInputs } = evidence
    const [, height, width, colours] = inputs.shape
    const score = ({ picture, grids }: Channels) => {
      const input = slice(inputs, [picture, 0, 0, 0], [1, height, width, colours])
      const masks = image.resizeBilinear(expandDims(transpose(grids, [2, 0, 1]), 3) as Tensor4D, [height, width], true)
      return scoreInputs(mul(input, unitRange(masks)), picture)
    }
    return mapByChannels(evidence, { score, weights: (scores) => softmax(scores) }, options)
  },
}))

/** Each of some grids `[n, height, width, 1]` from 0 to 1. */
function unitRange(grids: Tensor4D): Tensor4D {
  const lowest = min(grids, [1, 2], true)
  return div(sub(grids, lowest), add(sub(max(grids, [1, 2], true), lowest), 1e-8))
}
