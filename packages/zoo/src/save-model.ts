import { registerLayers } from '@cnnkit/layers'
import { readTfjsArtifacts, writeTfjs } from '@cnnkit/weights'
import { io } from '@tensorflow/tfjs-core'
import { type LayersModel, loadLayersModel } from '@tensorflow/tfjs-layers'

/**
 * Writes a model with its card to a folder, in TensorFlow.js' own format: `model.json` beside its weights. Plain
 * `tf.loadLayersModel` reads it too. A folder that holds a model keeps it until the new one is whole.
 */
export async function saveModel(model: LayersModel, folder: string): Promise<void> {
  await model.save(
    io.withSaveHandler(async (artifacts) => {
      await writeTfjs(folder, artifacts)
      return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(artifacts) }
    }),
  )
}

/**
 * Reads a model that {@link saveModel} wrote, from a folder or a URL, with its card: it classifies as it did.
 *
 * The caller disposes it.
 */
export async function loadModel(source: string | URL): Promise<LayersModel> {
  registerLayers()
  return loadLayersModel(io.fromMemory(await readTfjsArtifacts(source)))
}
