import { mul, sum } from '@tensorflow/tfjs-core'
import { type MapFunction, mapsBy } from '../procedure.ts'

/**
 * HiResCAM (Draelos and Carin 2020, "Use HiResCAM instead of Grad-CAM for faithful explanations of convolutional neural
 * networks", equation 4): each place counts by its own gradient, and the gradient is not averaged over the grid. On a network that ends in
 * pooling and one dense layer it is CAM; where fully connected layers follow the grid it shows what they read.
 */
export const hiResCam: MapFunction = mapsBy(() => ({
  name: 'hires-cam',
  map: ({ activations, gradients }) => sum(mul(activations, gradients()), 3),
}))
