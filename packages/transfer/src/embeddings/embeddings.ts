import { CnnkitError } from '@cnnkit/errors'
import { batches, type PictureDataset } from '@cnnkit/images'
import { cardOf, inputsOf, runStretch, stretch } from '@cnnkit/layers'
import { mean, reshape, tidy } from '@tensorflow/tfjs-core'
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers'

/** Pictures as vectors, with their classes. */
export interface Embeddings {
  /** `[pictures, width]`, row by row. */
  readonly values: Float32Array
  /** Features of a picture: 2048 of ResNet-50. */
  readonly width: number
  /** The pictures' classes. */
  readonly labels: Int32Array
  /** The classes' names. */
  readonly classes: readonly string[]
}

/** Options of {@link embedDataset}. */
export interface EmbedDatasetOptions {
  /** Pictures a pass; 16 unless given. */
  readonly batchSize?: number
  /** Told after each pass how many pictures are done, of how many. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
  /** Stops between passes; the promise then rejects with `ABORTED`. */
  readonly signal?: AbortSignal
}

/**
 * What the classifier of a network takes, for each picture of a data set, in its order: the pooled last grid of most networks, fc7 of
 * AlexNet and VGG. The network is left as it is.
 *
 * @throws `NO_CARD` for a model without a card, `ABORTED`
 */
export async function embedDataset(
  model: LayersModel,
  data: PictureDataset,
  options: EmbedDatasetOptions = {},
): Promise<Embeddings> {
  const { batchSize = 16, onProgress, signal } = options
  const { preprocessing } = cardOf(model)
  const body = stretch(model, model.inputs[0]!, embeddingOf(model))
  const labels = new Int32Array(data.size)
  let [values, width, done] = [new Float32Array(0), 0, 0]
  for await (const { images, labels: known } of batches(data, { batchSize, preprocessing })) {
    const vectors = tidy(() => {
      const x = runStretch(body, images)
      return x.rank === 4 ? mean(x, [1, 2]) : reshape(x, [x.shape[0]!, -1])
    })
    images.dispose()
    const part = (await vectors.data()) as Float32Array
    vectors.dispose()
    if (done === 0) {
      width = part.length / known.length
      values = new Float32Array(data.size * width)
    }
    values.set(part, done * width)
    labels.set(known, done)
    done += known.length
    onProgress?.({ done, total: data.size })
    if (signal?.aborted) throw new CnnkitError('transfer', 'ABORTED', `Embedding was stopped after ${done} pictures.`)
  }
  return { values, width, labels, classes: data.classes }
}

/**
 * The tensor that the classifier of a network takes, before its dropout: `[batch, features]`, or the last grid where the network
 * classifies before it pools (SqueezeNet). Without a classifier it is what the model hands on.
 */
export function embeddingOf(model: LayersModel): SymbolicTensor {
  const classifier = model.layers.find(({ name }) => name === 'head.logits')
  let tensor = classifier ? inputsOf(classifier)[0]! : model.outputs[0]!
  while (tensor.sourceLayer.getClassName() === 'Dropout') tensor = inputsOf(tensor.sourceLayer)[0]!
  return tensor
}
