/** One picture and what the network made of it. */
export interface EvaluatedPicture {
  /** As the data set names it: a path below the folder. */
  readonly id: string
  /** Index of the true class. */
  readonly label: number
  /** Index of the most probable class. */
  readonly predicted: number
  /** One a class, 0 to 1. */
  readonly probabilities: readonly number[]
  /** Cross-entropy of the true class, in nats. */
  readonly loss: number
}

/** What a network's probabilities say of one picture. */
export function evaluatedPicture(id: string, label: number, probabilities: readonly number[]): EvaluatedPicture {
  const predicted = probabilities.indexOf(Math.max(...probabilities))
  return { id, label, predicted, probabilities, loss: -Math.log(Math.max(probabilities[label]!, 1e-12)) }
}

/** How one class fares. A share is 0 where it would divide by zero, as in scikit-learn. */
export interface ClassMetrics {
  /** Of the class. */
  readonly name: string
  /** Of the pictures named so, the share that are. */
  readonly precision: number
  /** Of the pictures that are, the share named so. */
  readonly recall: number
  /** Harmonic mean of the two. */
  readonly f1: number
  /** Pictures that are of the class. */
  readonly support: number
}

/** Counts of pictures: rows are the true classes, columns the predicted ones. */
export function confusionMatrix(
  pictures: readonly EvaluatedPicture[],
  classes: number,
): readonly (readonly number[])[] {
  const counts = Array.from({ length: classes }, () => Array<number>(classes).fill(0))
  for (const { label, predicted } of pictures) counts[label]![predicted]!++
  return counts
}

/** Precision, recall and support of each class, from a confusion matrix. */
export function classMetrics(
  confusion: readonly (readonly number[])[],
  names: readonly string[],
): readonly ClassMetrics[] {
  return names.map((name, i) => {
    const right = confusion[i]![i]!
    const support = confusion[i]!.reduce((sum, n) => sum + n, 0)
    const named = confusion.reduce((sum, row) => sum + row[i]!, 0)
    const precision = named > 0 ? right / named : 0
    const recall = support > 0 ? right / support : 0
    const f1 = precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0
    return { name, precision, recall, f1, support }
  })
}

/** The share of pictures whose true class is among the `k` most probable. */
export function topAccuracy(pictures: readonly EvaluatedPicture[], k: number): number {
  const hits = pictures.filter(({ label, probabilities }) => {
    const own = probabilities[label]!
    return probabilities.filter((p, i) => p > own || (p === own && i < label)).length < k
  })
  return pictures.length > 0 ? hits.length / pictures.length : 0
}
