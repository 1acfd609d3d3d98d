import { CnnkitError } from '@cnnkit/errors'

/** The 97.5 % quantile of the normal distribution: 95 % lie between this and its negative. */
const Z95 = 1.959963984540054

/**
 * The 95 % confidence interval of an accuracy that was measured on `total` pictures: the Wilson score interval, which
 * stays sensible for small numbers and for 0 % and 100 %. Equals `proportion_ci(method='wilson')` of SciPy.
 *
 * No pictures give `[0, 1]`: nothing is known.
 *
 * @param correct how many were named rightly
 * @param total how many there were
 * @returns two shares, 0 to 1
 * @throws CnnkitError `BAD_COUNT` for a negative or fractional number, and for more right ones than pictures
 */
export function binomialInterval(correct: number, total: number): readonly [low: number, high: number] {
  if (!Number.isInteger(correct) || !Number.isInteger(total) || correct < 0 || correct > total) {
    throw new CnnkitError(
      'transfer',
      'BAD_COUNT',
      `${correct} right of ${total} pictures is not possible. Give two whole numbers, 0 <= correct <= total.`,
    )
  }
  if (total === 0) return [0, 1]
  const share = correct / total
  const weight = Z95 ** 2 / total
  const center = (share + weight / 2) / (1 + weight)
  const reach = Math.sqrt(share * (1 - share) * weight + weight ** 2 / 4) / (1 + weight)
  return [correct === 0 ? 0 : center - reach, correct === total ? 1 : center + reach]
}
