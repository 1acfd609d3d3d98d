import { abs, max } from '@tensorflow/tfjs-core'
import { type MapFunction, type MapOptions, mapsBy } from '../procedure.ts'

/**
 * Guided backpropagation (Springenberg et al. 2014, "Striving for simplicity: the all convolutional net", section 3.4): the
 * gradient for the input pixels, on the way to which every ReLU lets only positive gradients through. The map has the size
 * of the input and is the largest magnitude over the colours (Simonyan et al. 2013, section 3.1).
 *
 * It shows fine detail, and says little of the class: it restores edges of the picture (Adebayo et al. 2018, "Sanity checks
 * for saliency maps"). Lay it under another method's map rather than take it by itself. ReLU6 is treated as a ReLU; a model that is
 * applied twice inside the network is gone through as it is.
 */
export const guidedBackprop: MapFunction<Omit<MapOptions, 'layer'>> = mapsBy(() => ({
  name: 'guided-backprop',
  reads: 'input',
  map: ({ guidedGradients }) => max(abs(guidedGradients()), 3),
}))
