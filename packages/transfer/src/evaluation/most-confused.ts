/** Pictures of one class that were taken for another. */
export interface ConfusedPair {
  /** The class they are of. */
  readonly truth: string
  /** The class they were taken for. */
  readonly predicted: string
  /** How many. */
  readonly count: number
  /** Of all pictures of the true class, 0 to 1. */
  readonly share: number
}

/** What {@link mostConfused} reads of an evaluation. */
export interface Confusions {
  /** Names, in the order of the rows and columns. */
  readonly classes: readonly string[]
  /** Rows are the true classes, columns the predicted ones. */
  readonly confusion: readonly (readonly number[])[]
}

/** The pairs of classes that were taken for each other, the most frequent first, equal counts by their share of the class. */
export function mostConfused({ classes, confusion }: Confusions, count: number): readonly ConfusedPair[] {
  const pairs = confusion.flatMap((row, truth) => {
    const support = row.reduce((sum, n) => sum + n, 0)
    return row.flatMap((n, predicted) =>
      n > 0 && truth !== predicted
        ? [{ truth: classes[truth]!, predicted: classes[predicted]!, count: n, share: n / support }]
        : [],
    )
  })
  return pairs.sort((a, b) => b.count - a.count || b.share - a.share).slice(0, count)
}
