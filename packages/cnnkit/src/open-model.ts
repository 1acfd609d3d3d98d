import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CnnkitError } from '@cnnkit/errors'
import type { WeightsPackage } from '@cnnkit/weights'
import { mobilenetV1025 } from '@cnnkit/weights-mobilenet-v1-025'
import { createModel, listModels, loadModel, type ModelName, type ModelOptions } from '@cnnkit/zoo'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { downloadProgress } from './download-progress.ts'

/** Networks whose weights come with the command line, so that they need no download. */
export const embedded: Partial<Record<ModelName, WeightsPackage>> = { mobilenet_v1_025: mobilenetV1025 }

/** The network that is used unless another is named. */
export const defaultModel: ModelName = 'mobilenet_v1_025'

/**
 * A network by the zoo's name, with its published weights, or one that was saved, by its folder. A download shows its
 * bytes on the terminal. The caller disposes the model.
 *
 * @throws `UNKNOWN_MODEL` when it is neither; what `createModel` and `loadModel` throw
 */
export async function openModel(
  name: string,
  options: Pick<ModelOptions, 'weights' | 'signal'> = {},
): Promise<LayersModel> {
  if (existsSync(join(name, 'model.json'))) return loadModel(name)
  if (!(listModels() as readonly string[]).includes(name)) {
    throw new CnnkitError(
      'cnnkit',
      'UNKNOWN_MODEL',
      `"${name}" is neither a folder with a model.json nor a model of the zoo: ${listModels().join(', ')}.`,
    )
  }
  const model = name as ModelName
  const progress = downloadProgress(`Weights of ${name}`)
  try {
    const weights = options.weights ?? embedded[model]
    const opened = await createModel(model, {
      ...options,
      ...(weights && { weights }),
      onProgress: progress.onProgress,
      onNotice: progress.onNotice,
    })
    progress.done()
    return opened
  } catch (error) {
    progress.stop()
    throw error
  }
}
