import type { PictureDataset } from '@cnnkit/images'
import { layersAt } from '@cnnkit/layers'
import { tensor1d, tensor2d } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { embedDataset } from '../embeddings/embeddings.ts'
import { type LinearSvm, type SvmOptions, trainSvm } from '../svm/train-svm.ts'
import { withHead } from './with-head.ts'

/** Options of {@link svmHead}. */
export interface SvmHeadOptions extends SvmOptions {
  /** Pictures a pass of the network; 16 unless given. */
  readonly batchSize?: number
}

/** What {@link svmHead} gives. */
export interface SvmHeadResult {
  /** The network with the machines as its last layer, as one savable model. The caller disposes it. */
  readonly model: LayersModel
  /** The machines, and how well they are solved. */
  readonly svm: LinearSvm
}

/**
 * A network with a linear SVM on its embeddings in place of its classifier: `head.logits` holds the machines' decision values.
 * Nothing else is trained; AlexNet and VGG keep their fully connected layers.
 *
 * `head.scores` is the softmax of the decision values, so that the model ranks classes like any other. The ranking is the SVM's; the
 * scores are not calibrated probabilities.
 *
 * The model that is handed in is used up: its layers live on in the result.
 *
 * @throws what {@link trainSvm} throws; then the model is left as it was
 */
export async function svmHead(
  model: LayersModel,
  data: PictureDataset,
  options: SvmHeadOptions = {},
): Promise<SvmHeadResult> {
  const { batchSize, signal } = options
  const embeddings = await embedDataset(model, data, { ...(batchSize && { batchSize }), ...(signal && { signal }) })
  const svm = await trainSvm(embeddings, options)
  const result = withHead(model, { kind: 'last-layer', classes: data.classes })
  const values = [tensor2d(svm.kernel, [embeddings.width, data.classes.length]), tensor1d(svm.bias)]
  layersAt(result, 'head.logits')[0]!.setWeights(values)
  for (const value of values) value.dispose()
  return { model: result, svm }
}
