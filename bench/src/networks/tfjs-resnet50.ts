import { type LayersModel, loadLayersModel } from '@tensorflow/tfjs-layers'
import { resnet50Folder } from './resnet50-folder.ts'
import { asQuickAsCanBe } from './tfjs-files.ts'

/** ResNet-50 from its file by TensorFlow.js alone, with TensorFlow.js' own layers. */
export function tfjsResnet50(): Promise<LayersModel> {
  return loadLayersModel(asQuickAsCanBe(resnet50Folder()))
}

/** The same; the last stage and the classifier are trained. */
export async function tfjsResnet50LastStage(): Promise<LayersModel> {
  const model = await tfjsResnet50()
  const first = model.layers.findIndex(({ name }) => /^res5a/.test(name))
  for (const layer of model.layers.slice(0, first)) layer.trainable = false
  return model
}
