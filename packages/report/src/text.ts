/** Control characters other than tab and line break, lone surrogates, non-characters, and what reverses the reading direction. */
const unprintable = /[^\P{Cc}\t\n]|\p{Cs}|[\uFFFE\uFFFF\u202A-\u202E\u2066-\u2069]/gu

/** A text that XML allows and that cannot reorder what stands around it: file names are written by strangers. */
export const cleanText = (text: string): string => text.replace(unprintable, '\uFFFD')

/** The same plain data with every text in it cleaned; bytes are left as they are. */
export function cleanData<T>(data: T): T {
  const clean = (value: unknown): unknown => {
    if (typeof value === 'string') return cleanText(value)
    if (Array.isArray(value)) return value.map(clean)
    if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return value
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, clean(inner)]))
  }
  return clean(data) as T
}

/** At most `length` characters, the middle left out: classes often differ at their ends only. */
export function shorten(text: string, length: number): string {
  const characters = [...text]
  if (characters.length <= length) return text
  const tail = Math.floor((length - 1) / 3)
  return `${characters.slice(0, length - 1 - tail).join('')}…${tail > 0 ? characters.slice(-tail).join('') : ''}`
}

/** What stands for a number that there is not. */
const nothing = '–'

const finite = (value: number | null | undefined): value is number =>
  typeof value === 'number' && Number.isFinite(value)

/** `0.9125` as `91.3 %`, with a space that does not break. */
export const percent = (share: number | null | undefined, digits = 1): string =>
  finite(share) ? `${(share * 100).toFixed(digits)}\u00A0%` : nothing

/** `[0.77, 0.96]` as `77.0 to 96.0 %`. */
export const percentRange = ([low, high]: readonly [number, number]): string =>
  finite(low) && finite(high) ? `${(low * 100).toFixed(1)} to ${percent(high)}` : nothing

/** Four digits that matter: `0.0123`, `1.234`, `56.78`, `1.2e-7`. */
export function decimal(value: number | null | undefined): string {
  if (!finite(value)) return nothing
  const size = Math.abs(value)
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(1).replace('e+', 'e')
  return size >= 100
    ? value.toFixed(1)
    : size >= 10
      ? value.toFixed(2)
      : size >= 0.1 || size === 0
        ? value.toFixed(3)
        : value.toFixed(4)
}

/** A learning rate to two digits: `0.001`, `0.00098`, `1.7e-7`. */
export const rate = (value: number | null | undefined): string =>
  finite(value) ? String(Number(value.toPrecision(2))) : nothing

/** A whole number with its thousands set apart; another one with one digit. */
export const count = (value: number): string =>
  finite(value) ? value.toLocaleString('en', { maximumFractionDigits: 1 }).replaceAll(',', '\u202F') : nothing

/** `1 picture`, `40 pictures`. */
export const pictures = (value: number): string => `${count(value)} ${value === 1 ? 'picture' : 'pictures'}`

/** `0.8 s`, `42 s`, `3 min 5 s`. */
export function duration(seconds: number | null | undefined): string {
  if (!finite(seconds)) return nothing
  if (seconds < 10) return `${seconds.toFixed(1)}\u00A0s`
  const whole = Math.round(seconds)
  return whole < 60 ? `${whole}\u00A0s` : `${Math.floor(whole / 60)}\u00A0min ${whole % 60}\u00A0s`
}
