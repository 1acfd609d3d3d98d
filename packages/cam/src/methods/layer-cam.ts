import { mul, relu, sum } from '@tensorflow/tfjs-core'
import { type MapFunction, mapsBy } from '../procedure.ts'

/**
 * LayerCAM (Jiang et al. 2021, "LayerCAM: exploring hierarchical class activation maps for localization", equation 5): each
 * place counts by its own gradient where that is positive. Its maps stay clean in lower layers, whose finer grids show more detail:
 * `layerCam(model, picture, { layer: ['stage3', 'stage4'] })`.
 */
export const layerCam: MapFunction = mapsBy(() => ({
  name: 'layer-cam',
  map: ({ activations, gradients }) => sum(mul(activations, relu(gradients())), 3),
}))
