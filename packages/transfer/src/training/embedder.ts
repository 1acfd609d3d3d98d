import { CnnkitError, isCnnkitError } from '@cnnkit/errors'
import { fusedStretch, runStretch, type Stretch } from '@cnnkit/layers'
import { type Tensor, type Tensor4D, tidy } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'

/**
 * Runs the frozen part of a network in the caller's own way: another engine, a fused copy, a machine elsewhere.
 *
 * @param pictures `[batch, height, width, channels]`, preprocessed as the model's card says; they stay the trainer's
 * @returns what the network itself gives where training begins, `[batch, ...]`: the pooled features with the policy
 *   `'head'`. The trainer disposes it.
 */
export type Embedder = (pictures: Tensor4D) => Tensor | Promise<Tensor>

/**
 * A function that runs the frozen part: by the caller's embedder where there is one, else in the fused form, which belongs to the model
 * (`dropFused`). The caller disposes what it gives.
 *
 * It throws `EMBEDDER_MISMATCH` where an embedder's result is not what the part that is trained takes.
 */
export function prefixRunner(
  model: LayersModel,
  prefix: Stretch,
  embedder?: Embedder,
): (pictures: Tensor4D) => Promise<Tensor> {
  if (!embedder) {
    return async (pictures) => {
      const fastest = fusedOf(model, prefix)
      return tidy(() => runStretch(fastest, pictures))
    }
  }
  return async (pictures) => {
    const features = await embedder(pictures)
    const expected = [pictures.shape[0], ...prefix.to.shape.slice(1)]
    const fits =
      features.shape.length === expected.length &&
      expected.every((side, i) => side === null || side === features.shape[i]) &&
      features.dtype === 'float32'
    // An embedder that hands its input back is one for a network of which nothing is frozen.
    if (fits) return features === (pictures as Tensor) ? features.clone() : features
    const gave = `${features.dtype} of shape [${features.shape.join(', ')}]`
    if (features !== (pictures as Tensor)) features.dispose()
    throw new CnnkitError(
      'transfer',
      'EMBEDDER_MISMATCH',
      `The embedder gave ${gave} for ${pictures.shape[0]} pictures; training begins behind "${prefix.to.sourceLayer.name}", which gives float32 of shape [${expected.map((side) => side ?? 'any').join(', ')}]. Hand over one that ends there, or train from another place.`,
    )
  }
}

/** The fused form of a stretch, or itself where a layer of it cannot be made anew. */
function fusedOf(model: LayersModel, section: Stretch): Stretch {
  try {
    return fusedStretch(model, section)
  } catch (error) {
    if (isCnnkitError(error, 'CANNOT_FUSE')) return section
    throw error
  }
}

/** The shape of one picture's features. Where the network leaves a side open, one black picture is run to see. */
export async function featureShape(
  prefix: Stretch,
  run: (pictures: Tensor4D) => Promise<Tensor>,
  blank: () => Tensor4D,
): Promise<readonly number[]> {
  const sides = prefix.to.shape.slice(1)
  if (sides.every((side) => side !== null)) return sides as number[]
  const picture = blank()
  const features = await run(picture)
  const shape = features.shape.slice(1)
  picture.dispose()
  features.dispose()
  return shape
}
