/** The pictures whose first probability falls into one range: how sure the network was, and how often it was right. */
export interface CalibrationBin {
  /** Mean probability of the predicted class in this range, 0 to 1. */
  readonly confidence: number
  /** Share of them that was right, 0 to 1. */
  readonly accuracy: number
  /** How many pictures fell into the range; empty ranges may be left out. */
  readonly count: number
}

/** Expected calibration error (Guo et al. 2017, equation 3): the mean distance of the two, weighted by pictures. 0 to 1. */
export function calibrationError(bins: readonly CalibrationBin[]): number {
  const filled = bins.filter((bin) => bin.count > 0)
  const total = filled.reduce((sum, bin) => sum + bin.count, 0)
  return filled.reduce((sum, bin) => sum + (bin.count / total) * Math.abs(bin.accuracy - bin.confidence), 0)
}
