import { CnnkitError } from '@cnnkit/errors'

/** What was taken for what: `counts[truth][prediction]` pictures. */
export interface ConfusionMatrix {
  /** In the order of the rows and columns. */
  readonly classes: readonly string[]
  /** Rows: truth, columns: prediction. Square, as long as `classes`. */
  readonly counts: readonly (readonly number[])[]
}

/** How well one class is recognised. */
export interface ClassScore {
  /** The class. */
  readonly name: string
  /** Share of the pictures taken for this class that are of it, 0 to 1; `NaN` where none was. */
  readonly precision: number
  /** Share of this class' pictures that were recognised, 0 to 1; `NaN` where there are none. */
  readonly recall: number
  /** Harmonic mean of the two, 0 to 1. Left out: computed from them. */
  readonly f1?: number
  /** How many pictures of this class there were. */
  readonly support: number
}

/** Pictures of one class that were taken for another. */
export interface ConfusedPair {
  readonly truth: string
  readonly predicted: string
  readonly count: number
  /** Share of all pictures of the true class, 0 to 1. */
  readonly share: number
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** How many pictures of each class there were: the sums of the rows. */
export const rowSums = (matrix: ConfusionMatrix): number[] => matrix.counts.map(sum)

/** How many were on the diagonal, and how many in all. */
export function tally(matrix: ConfusionMatrix): { correct: number; total: number } {
  return { correct: sum(matrix.counts.map((row, index) => row[index] ?? 0)), total: sum(rowSums(matrix)) }
}

/** Precision, recall and support of each class, in the order of the classes. */
export function classScores(matrix: ConfusionMatrix): ClassScore[] {
  const support = rowSums(matrix)
  const taken = matrix.classes.map((_, column) => sum(matrix.counts.map((row) => row[column] ?? 0)))
  return matrix.classes.map((name, index) => {
    const hits = matrix.counts[index]?.[index] ?? 0
    const [precision, recall] = [hits / taken[index]!, hits / support[index]!]
    const f1 = (2 * hits) / (taken[index]! + support[index]!)
    return { name, precision, recall, f1, support: support[index]! }
  })
}

/** The pairs off the diagonal, the most frequent first; equal counts by share, then in the order of the classes. */
export function confusedPairs(matrix: ConfusionMatrix): ConfusedPair[] {
  const support = rowSums(matrix)
  const pairs = matrix.counts.flatMap((row, truth) =>
    row.flatMap((count, predicted) =>
      count > 0 && truth !== predicted
        ? [
            {
              truth: matrix.classes[truth]!,
              predicted: matrix.classes[predicted]!,
              count,
              share: count / support[truth]!,
            },
          ]
        : [],
    ),
  )
  return pairs.sort((a, b) => b.count - a.count || b.share - a.share)
}

/** @throws CnnkitError `BAD_MATRIX` unless it is square, as long as its classes, and holds counts */
export function checkConfusionMatrix(matrix: ConfusionMatrix, where = 'The confusion matrix'): void {
  const size = matrix.classes.length
  const uneven = matrix.counts.findIndex((row) => row.length !== size)
  if (matrix.counts.length !== size || uneven >= 0) {
    const found =
      uneven >= 0 ? `row ${uneven} has ${matrix.counts[uneven]!.length} columns` : `${matrix.counts.length} rows`
    throw new CnnkitError(
      'report',
      'BAD_MATRIX',
      `${where} has ${size} classes but ${found}. Give one row and one column for each class.`,
    )
  }
  const odd = matrix.counts.flat().find((count) => !(Number.isFinite(count) && count >= 0))
  if (odd !== undefined) {
    throw new CnnkitError('report', 'BAD_MATRIX', `${where} holds ${odd}. Counts are finite and not negative.`)
  }
}
