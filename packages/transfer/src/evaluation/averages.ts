import type { ClassMetrics } from './metrics.ts'

/** Precision, recall and F1 in one number each, 0 to 1. */
export interface Averages {
  /** Mean of the classes' precisions. */
  readonly precision: number
  /** Mean of the classes' recalls. */
  readonly recall: number
  /** Mean of the classes' F1. */
  readonly f1: number
}

/** Each class counts the same (scikit-learn's `macro avg`), those without pictures included. */
export function macroAverage(perClass: readonly ClassMetrics[]): Averages {
  return average(perClass, () => 1)
}

/** Each class counts as it has pictures (scikit-learn's `weighted avg`). */
export function weightedAverage(perClass: readonly ClassMetrics[]): Averages {
  return average(perClass, ({ support }) => support)
}

function average(perClass: readonly ClassMetrics[], weightOf: (row: ClassMetrics) => number): Averages {
  const total = perClass.reduce((sum, row) => sum + weightOf(row), 0)
  const mean = (value: (row: ClassMetrics) => number): number =>
    perClass.reduce((sum, row) => sum + weightOf(row) * value(row), 0) / total
  return { precision: mean((row) => row.precision), recall: mean((row) => row.recall), f1: mean((row) => row.f1) }
}
