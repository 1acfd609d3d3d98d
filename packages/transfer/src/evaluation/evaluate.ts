import { CnnkitError } from '@cnnkit/errors'
import { batches, type PictureDataset } from '@cnnkit/images'
import { cardOf } from '@cnnkit/layers'
import { type Tensor2D, tidy } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { binomialInterval } from './binomial-interval.ts'
import { type ClassMetrics, classMetrics, confusionMatrix, type EvaluatedPicture, topAccuracy } from './metrics.ts'

/** Options of {@link evaluate}. */
export interface EvaluateOptions {
  /** Pictures a pass; 16 unless given. */
  readonly batchSize?: number
  /** Told after each pass how many pictures are done, of how many. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
  /** Stops between passes; the promise then rejects with `ABORTED`. */
  readonly signal?: AbortSignal
}

/** How a model fares on pictures it has not been trained on. */
export interface Evaluation {
  /** Names, in the order of the outputs. */
  readonly classes: readonly string[]
  /** How many pictures were classified. */
  readonly total: number
  /** How many of them rightly. */
  readonly correct: number
  /** 0 to 1. */
  readonly accuracy: number
  /** The accuracy's 95 % interval. */
  readonly interval: readonly [low: number, high: number]
  /** Share of pictures whose class is among the five most probable, 0 to 1. */
  readonly top5: number
  /** Mean cross-entropy, in nats. */
  readonly loss: number
  /** Rows are the true classes, columns the predicted ones. */
  readonly confusion: readonly (readonly number[])[]
  /** Precision, recall and F1, in the order of the classes. */
  readonly perClass: readonly ClassMetrics[]
  /** In the order of the data set. */
  readonly pictures: readonly EvaluatedPicture[]
}

/**
 * Runs a classifier over a data set and counts.
 *
 * @throws `CLASS_MISMATCH` when the data has other classes than the model, `NO_CARD` for a model without a card, `ABORTED`
 */
export async function evaluate(
  model: LayersModel,
  data: PictureDataset,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  const { batchSize = 16, onProgress, signal } = options
  const card = cardOf(model)
  checkClasses(model, data, card.labels)
  const pictures: EvaluatedPicture[] = []
  for await (const { images, labels, ids } of batches(data, { batchSize, preprocessing: card.preprocessing })) {
    const scores = tidy(() => model.predict(images) as Tensor2D)
    images.dispose()
    const rows = await scores.array()
    scores.dispose()
    rows.forEach((probabilities, i) => {
      pictures.push(evaluated(ids[i]!, labels[i]!, probabilities))
    })
    onProgress?.({ done: pictures.length, total: data.size })
    if (signal?.aborted) {
      throw new CnnkitError('transfer', 'ABORTED', `Evaluation was stopped after ${pictures.length} pictures.`)
    }
  }
  return summary(data.classes, pictures)
}

/** The pictures that the model was most wrong about, the worst first; those it named rightly are left out. */
export function topLosses({ pictures }: Evaluation, count: number): readonly EvaluatedPicture[] {
  return pictures
    .filter(({ label, predicted }) => label !== predicted)
    .sort((a, b) => b.loss - a.loss)
    .slice(0, count)
}

function evaluated(id: string, label: number, probabilities: readonly number[]): EvaluatedPicture {
  const predicted = probabilities.indexOf(Math.max(...probabilities))
  return { id, label, predicted, probabilities, loss: -Math.log(Math.max(probabilities[label]!, 1e-12)) }
}

function summary(classes: readonly string[], pictures: readonly EvaluatedPicture[]): Evaluation {
  const total = pictures.length
  const correct = pictures.filter(({ label, predicted }) => label === predicted).length
  const confusion = confusionMatrix(pictures, classes.length)
  return {
    classes,
    total,
    correct,
    accuracy: correct / total,
    interval: binomialInterval(correct, total),
    top5: topAccuracy(pictures, 5),
    loss: pictures.reduce((sum, { loss }) => sum + loss, 0) / total,
    confusion,
    perClass: classMetrics(confusion, classes),
    pictures,
  }
}

function checkClasses(model: LayersModel, data: PictureDataset, labels: readonly string[] | string | null): void {
  if (Array.isArray(labels) && labels.join('\n') === data.classes.join('\n')) return
  const has = Array.isArray(labels) ? labels.slice(0, 8).join(', ') : `${labels ?? 'no'} labels`
  throw new CnnkitError(
    'transfer',
    'CLASS_MISMATCH',
    `${model.name} knows ${has}; the pictures are of ${data.classes.slice(0, 8).join(', ')}. Use the folders the model was trained on.`,
  )
}
