import { CnnkitError } from '@cnnkit/errors'

/** Throws `INVALID_AUGMENTATION` with what is wrong and what to give, unless the condition holds. */
export function checkOption(valid: boolean, message: string): void {
  if (!valid) throw new CnnkitError('images', 'INVALID_AUGMENTATION', message)
}

/** Throws `INVALID_AUGMENTATION` unless the number is from 0 to 1. */
export function checkProbability(name: string, p: number): void {
  checkOption(p >= 0 && p <= 1, `${name} takes a probability from 0 to 1, not ${p}.`)
}

/** `[height, width]` of a size that may be one number. Throws `INVALID_AUGMENTATION`. */
export function sidesOf(name: string, size: number | readonly [number, number]): readonly [number, number] {
  const sides = typeof size === 'number' ? ([size, size] as const) : size
  checkOption(
    sides.length === 2 && sides.every((side) => Number.isInteger(side) && side > 0),
    `${name} takes a size in whole pixels, one number or [height, width], not ${JSON.stringify(size)}.`,
  )
  return sides
}
