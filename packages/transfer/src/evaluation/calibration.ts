import type { EvaluatedPicture } from './metrics.ts'

/** The pictures whose first probability falls into one range: how sure the network was, and how often it was right. */
export interface CalibrationBin {
  /** Mean probability of the predicted class, 0 to 1. */
  readonly confidence: number
  /** Share of the pictures that was named rightly, 0 to 1. */
  readonly accuracy: number
  /** How many pictures fell into the range. */
  readonly count: number
}

/**
 * The points of a reliability diagram: pictures by the probability of their predicted class, in ranges of equal width, each with its
 * upper end. Empty ranges are left out. Equals scikit-learn's `calibration_curve` of "the prediction is right".
 *
 * @param bins how many ranges from 0 to 1; 10 unless given
 */
export function calibrationBins(pictures: readonly EvaluatedPicture[], bins = 10): readonly CalibrationBin[] {
  const sums = Array.from({ length: bins }, () => ({ confidence: 0, right: 0, count: 0 }))
  for (const { label, predicted, probabilities } of pictures) {
    const confidence = probabilities[predicted]!
    const bin = sums[Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1))]!
    bin.confidence += confidence
    bin.right += Number(label === predicted)
    bin.count++
  }
  return sums
    .filter(({ count }) => count > 0)
    .map(({ confidence, right, count }) => ({ confidence: confidence / count, accuracy: right / count, count }))
}

/** Expected calibration error (Guo et al. 2017, equation 3): how far accuracy and probability are apart, weighted by pictures. 0 to 1. */
export function calibrationError(bins: readonly CalibrationBin[]): number {
  const total = bins.reduce((sum, { count }) => sum + count, 0)
  return bins.reduce(
    (sum, { confidence, accuracy, count }) => sum + (count / total) * Math.abs(accuracy - confidence),
    0,
  )
}

/** Brier score of all classes: the mean of the squared distance of the probabilities from the truth, 0 (best) to 2. */
export function brierScore(pictures: readonly EvaluatedPicture[]): number {
  const distance = ({ label, probabilities }: EvaluatedPicture): number =>
    probabilities.reduce((sum, probability, i) => sum + (probability - Number(i === label)) ** 2, 0)
  return pictures.reduce((sum, picture) => sum + distance(picture), 0) / pictures.length
}
