import type { LayersModel } from '@tensorflow/tfjs-layers'
import { makeModel } from './make-model.ts'
import type { ModelOptions } from './model-options.ts'
import { architectureOf, type ModelName } from './models.ts'

/**
 * A network by name, with its published weights unless `weights` says otherwise.
 *
 * The result is a plain `tf.LayersModel` on the current backend: predict, train, save and dispose it as any other. Its
 * layers are named by path (`stage4.block3.conv2`) and its card says how pictures are prepared.
 *
 * @throws `UNKNOWN_MODEL`, `UNKNOWN_WEIGHTS`, `NO_WEIGHTS`, `UNKNOWN_FLAVOR`, `BAD_INPUT_SHAPE`, `BAD_CLASSES` for options that cannot be;
 *   `WEIGHTS_MISMATCH` for a file that does not fit; `ABORTED` when the signal says so; what `openWeights` throws
 */
export async function createModel(name: ModelName, options?: ModelOptions): Promise<LayersModel> {
  return makeModel(await architectureOf(name), options)
}
