/** An error in one digit. */
export const short = (value: number): string => {
  if (!Number.isFinite(value)) return 'not finite'
  return value === 0 ? '0' : value.toExponential(0)
}
