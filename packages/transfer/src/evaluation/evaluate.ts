import { CnnkitError } from '@cnnkit/errors'
import { type BadFile, batches, type PictureDataset } from '@cnnkit/images'
import { cardOf } from '@cnnkit/layers'
import { type Tensor2D, tidy } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { type Averages, macroAverage, weightedAverage } from './averages.ts'
import { binomialInterval } from './binomial-interval.ts'
import { brierScore, type CalibrationBin, calibrationBins, calibrationError } from './calibration.ts'
import {
  type ClassMetrics,
  classMetrics,
  confusionMatrix,
  type EvaluatedPicture,
  evaluatedPicture,
  topAccuracy,
} from './metrics.ts'

/** Options of {@link evaluate}. */
export interface EvaluateOptions {
  /** Pictures a pass; 16 unless given. */
  readonly batchSize?: number
  /** Told after each pass how many pictures are done, of how many. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void
  /** Told of each picture that cannot be read, which is then left out. Without it the error is thrown. */
  readonly onBadFile?: (failure: BadFile) => void
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
  /** Mean of the classes' recalls, of those that have pictures, 0 to 1. */
  readonly balancedAccuracy: number
  /** Mean cross-entropy, in nats. */
  readonly loss: number
  /** Mean squared distance of the probabilities from the truth, 0 (best) to 2. */
  readonly brier: number
  /** Rows are the true classes, columns the predicted ones. */
  readonly confusion: readonly (readonly number[])[]
  /** Precision, recall and F1, in the order of the classes. */
  readonly perClass: readonly ClassMetrics[]
  /** Of the classes, each counting the same. */
  readonly macro: Averages
  /** Of the classes, each counting as it has pictures. */
  readonly weighted: Averages
  /** How far the probabilities can be believed: ten ranges, empty ones left out. */
  readonly calibration: readonly CalibrationBin[]
  /** Expected calibration error over these ranges, 0 to 1. */
  readonly calibrationError: number
  /** In the order of the data set. */
  readonly pictures: readonly EvaluatedPicture[]
}

/**
 * Runs a classifier over a data set and counts.
 *
 * @throws `CLASS_MISMATCH` when the data has other classes than the model, `NO_CARD` for a model without a card, `NO_PICTURES` when
 *   none can be read, `ABORTED`
 */
export async function evaluate(
  model: LayersModel,
  data: PictureDataset,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  const { batchSize = 16, onProgress, onBadFile, signal } = options
  const card = cardOf(model)
  checkClasses(model, data, card.labels)
  const pictures: EvaluatedPicture[] = []
  const source = batches(data, { batchSize, preprocessing: card.preprocessing, ...(onBadFile && { onBadFile }) })
  for await (const { images, labels, ids } of source) {
    const scores = tidy(() => model.predict(images) as Tensor2D)
    images.dispose()
    const rows = await scores.array()
    scores.dispose()
    rows.forEach((probabilities, i) => {
      pictures.push(evaluatedPicture(ids[i]!, labels[i]!, probabilities))
    })
    onProgress?.({ done: pictures.length, total: data.size })
    if (signal?.aborted) {
      throw new CnnkitError('transfer', 'ABORTED', `Evaluation was stopped after ${pictures.length} pictures.`)
    }
  }
  if (pictures.length === 0) {
    throw new CnnkitError(
      'transfer',
      'NO_PICTURES',
      `There is no picture to evaluate ${model.name} on that can be read.`,
    )
  }
  return summarize(data.classes, pictures)
}

/** The pictures that the model was most wrong about, the worst first; those it named rightly are left out. */
export function topLosses({ pictures }: Evaluation, count: number): readonly EvaluatedPicture[] {
  return pictures
    .filter(({ label, predicted }) => label !== predicted)
    .sort((a, b) => b.loss - a.loss)
    .slice(0, count)
}

/** Counts what a model made of pictures. */
export function summarize(classes: readonly string[], pictures: readonly EvaluatedPicture[]): Evaluation {
  const total = pictures.length
  const correct = pictures.filter(({ label, predicted }) => label === predicted).length
  const confusion = confusionMatrix(pictures, classes.length)
  const perClass = classMetrics(confusion, classes)
  const calibration = calibrationBins(pictures)
  return {
    classes,
    total,
    correct,
    accuracy: correct / total,
    interval: binomialInterval(correct, total),
    top5: topAccuracy(pictures, 5),
    balancedAccuracy: macroAverage(perClass.filter(({ support }) => support > 0)).recall,
    brier: brierScore(pictures),
    loss: pictures.reduce((sum, { loss }) => sum + loss, 0) / total,
    confusion,
    perClass,
    macro: macroAverage(perClass),
    weighted: weightedAverage(perClass),
    calibration,
    calibrationError: calibrationError(calibration),
    pictures,
  }
}

function checkClasses(model: LayersModel, data: PictureDataset, labels: readonly string[] | string | null): void {
  if (data.target || cardOf(model).outputs) {
    throw new CnnkitError(
      'transfer',
      'CLASS_MISMATCH',
      `${model.name} or the pictures have tags or quantities in place of classes. Use evaluateTargets.`,
    )
  }
  if (Array.isArray(labels) && labels.join('\n') === data.classes.join('\n')) return
  const has = Array.isArray(labels) ? labels.slice(0, 8).join(', ') : `${labels ?? 'no'} labels`
  throw new CnnkitError(
    'transfer',
    'CLASS_MISMATCH',
    `${model.name} knows ${has}; the pictures are of ${data.classes.slice(0, 8).join(', ')}. Use the folders the model was trained on.`,
  )
}
