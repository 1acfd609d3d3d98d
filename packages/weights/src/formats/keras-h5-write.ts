import type { TensorToWrite } from './tensor-to-write.ts'

/** Options of a Keras weights file. */
export interface KerasH5Options {
  /** The layer that a tensor belongs to; what is before the last slash unless said. */
  readonly layerOf?: ((tensor: string) => string) | undefined
}

/**
 * A Keras weights file (`.h5`), in pieces: `model.load_weights(path)` of Keras 2 and 3 reads it. Tensors are named
 * `layer/weight`. Keras takes them by order: layers in the order in which the first of their tensors comes, which must be that
 * of `model.layers`, and a layer's weights in that of `layer.weights`. One tensor's values are in memory at a time. In a
 * page: collect the pieces in a `Blob`.
 *
 * Errors: `BAD_TENSOR`.
 */
export async function* kerasH5Bytes(
  tensors: Iterable<TensorToWrite>,
  options: KerasH5Options = {},
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  const { kerasH5Pieces } = await import('./keras-h5-pieces.ts')
  yield* kerasH5Pieces(tensors, options)
}
