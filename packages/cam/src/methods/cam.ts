import { expandDims, mul, sum } from '@tensorflow/tfjs-core'
import { type MapFunction, mapsBy } from '../procedure.ts'

/**
 * CAM (Zhou et al. 2016, "Learning deep features for discriminative localization", equation 2), the first class activation
 * map: a channel counts as much as the dense layer that follows global average pooling weighs it for the class. The mean of
 * the raw map plus the layer's bias is the class's logit.
 *
 * It reads the grid that the network pools, unless another layer is given. Where no such head follows it throws
 * `NO_POOLING`: `withGapHead` of `@cnnkit/layers` gives AlexNet and VGG one, to be trained.
 */
export const cam: MapFunction = mapsBy(() => ({
  name: 'cam',
  reads: 'pooled',
  map: ({ activations, classWeights }) => sum(mul(activations, expandDims(expandDims(classWeights(), 1), 1)), 3),
}))
