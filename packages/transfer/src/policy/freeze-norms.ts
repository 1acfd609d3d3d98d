import { stages } from '@cnnkit/layers'
import type { LayersModel } from '@tensorflow/tfjs-layers'

/**
 * Freezes the batch norms below the head: they normalise by the statistics that they came with, and keep these and their scales.
 *
 * @returns thaws those that this call froze
 */
export function freezeNorms(model: LayersModel): () => void {
  const norms = stages(model)
    .filter(({ name }) => name !== 'head')
    .flatMap(({ layers }) => layers)
    .filter((layer) => layer.getClassName() === 'BatchNormalization' && layer.trainable)
  for (const norm of norms) norm.trainable = false
  return () => {
    for (const norm of norms) norm.trainable = true
  }
}
