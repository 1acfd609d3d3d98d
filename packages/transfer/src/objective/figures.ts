/** How one tag fares. A share is 0 where it would divide by zero, as in scikit-learn. */
export interface TagFigures {
  /** Of the tag. */
  readonly name: string
  /** Of the pictures given it, the share that have it. */
  readonly precision: number
  /** Of the pictures that have it, the share given it. */
  readonly recall: number
  /** Harmonic mean of the two. */
  readonly f1: number
  /** Mean precision over the ranks at which it is found, whatever the threshold: the area under precision by recall. */
  readonly averagePrecision: number
  /** Pictures that have it. */
  readonly support: number
}

/** How one quantity fares. */
export interface ValueFigures {
  /** Of the quantity. */
  readonly name: string
  /** Mean of the absolute errors, in the quantity's own unit. */
  readonly meanError: number
  /** Root of the mean squared error, in the quantity's own unit. */
  readonly rootMeanSquare: number
  /** Share of the variance that is told: 1 is perfect, 0 as good as the mean, below that worse. 0 where all are the same. */
  readonly r2: number
}

/** Figures of a tag from scores, of which those above the threshold are given it. */
export function tagFigures(
  name: string,
  scores: readonly number[],
  truth: readonly number[],
  threshold: number,
): TagFigures {
  const given = scores.map((score) => score > threshold)
  const right = given.filter((said, i) => said && truth[i]! > 0.5).length
  const support = truth.filter((value) => value > 0.5).length
  const named = given.filter(Boolean).length
  const precision = named > 0 ? right / named : 0
  const recall = support > 0 ? right / support : 0
  const f1 = precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0
  return { name, precision, recall, f1, averagePrecision: averagePrecision(scores, truth), support }
}

/** Figures of a quantity. */
export function valueFigures(name: string, outputs: readonly number[], truth: readonly number[]): ValueFigures {
  const errors = outputs.map((output, i) => output - truth[i]!)
  const middle = average(truth)
  const squares = average(errors.map((error) => error ** 2))
  const variance = average(truth.map((value) => (value - middle) ** 2))
  return {
    name,
    meanError: average(errors.map(Math.abs)),
    rootMeanSquare: Math.sqrt(squares),
    r2: variance > 0 ? 1 - squares / variance : 0,
  }
}

function averagePrecision(scores: readonly number[], truth: readonly number[]): number {
  const order = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]!)
  const support = truth.filter((value) => value > 0.5).length
  let [sum, found, seen] = [0, 0, 0]
  // Equal scores share a rank.
  for (let start = 0; start < order.length; ) {
    let end = start
    while (end < order.length && scores[order[end]!] === scores[order[start]!]) end++
    const here = order.slice(start, end).filter((i) => truth[i]! > 0.5).length
    found += here
    seen = end
    sum += (here * found) / seen
    start = end
  }
  return support > 0 ? sum / support : 0
}

const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
