import type { PictureDataset, Preprocessing } from '@cnnkit/images'
import type { Stretch } from '@cnnkit/layers'

/** What features are computed from. */
export interface FeatureOrigin {
  readonly dataset: PictureDataset
  readonly preprocessing: Preprocessing
  readonly prefix: Stretch
  /** Whether the caller's embedder ran in place of the network's own layers. */
  readonly embedded: boolean
}

/**
 * SHA-256, in hexadecimal, of all that decides features: the frozen layers with their weights, the preprocessing, and the pictures
 * by name and class.
 */
export async function featureKey({ dataset, preprocessing, prefix, embedded }: FeatureOrigin): Promise<string> {
  const weights: string[] = []
  for (const layer of prefix.layers) {
    for (const weight of layer.weights) weights.push(await digest((await weight.read().data()) as Float32Array))
  }
  const identity = {
    layers: prefix.layers.map((layer) => [layer.getClassName(), layer.getConfig()]),
    form: embedded ? "the caller's" : 'fused',
    to: prefix.to.sourceLayer.name,
    weights,
    preprocessing,
    pictures: Array.from({ length: dataset.size }, (_, i) => [dataset.id(i), dataset.label(i)]),
  }
  return digest(new TextEncoder().encode(JSON.stringify(identity)))
}

async function digest(values: Float32Array | Uint8Array): Promise<string> {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  // A copy, as WebCrypto takes no view of shared memory.
  const hash = await crypto.subtle.digest('SHA-256', new Uint8Array(bytes))
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
