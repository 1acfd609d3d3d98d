import { weightsError } from '../error.ts'

/** What a file must hash to. */
export interface Checksum {
  readonly algorithm: 'sha256' | 'sha512'
  /** Hexadecimal, lower case. */
  readonly hex: string
}

/** A SHA-256 as weights records write it. Errors: `BAD_SOURCE` unless it is 64 hexadecimal digits. */
export function sha256(hex: string, of: string): Checksum {
  if (!/^[0-9a-f]{64}$/i.test(hex)) {
    throw weightsError('BAD_SOURCE', `The sha256 of ${of} is "${hex}". Give 64 hexadecimal digits.`)
  }
  return { algorithm: 'sha256', hex: hex.toLowerCase() }
}

/** An npm integrity (`sha512-...` in base64). Errors: `BAD_SOURCE` where it holds no SHA-512 or SHA-256. */
export function integrity(text: string, of: string): Checksum {
  for (const [algorithm, length] of [
    ['sha512', 86],
    ['sha256', 43],
  ] as const) {
    const base64 = text.match(new RegExp(`(?:^|\\s)${algorithm}-([A-Za-z0-9+/]{${length}}=+)(?:\\s|$)`))?.[1]
    if (base64 === undefined) continue
    return { algorithm, hex: hexOf(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))) }
  }
  throw weightsError(
    'BAD_SOURCE',
    `The integrity of ${of} is "${text}". Give npm's: sha512-, then 88 characters of base64.`,
  )
}

/** Bytes in hexadecimal. */
export const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

/** The error for bytes that do not hash to what they must. */
export const checksumError = (what: string, expected: Checksum, actual: string): Error =>
  weightsError(
    'CHECKSUM_MISMATCH',
    `${what} has the wrong content: expected ${expected.algorithm} ${expected.hex}, got ${actual}. Nothing was kept. ` +
      'Try again; if it stays wrong, the file at the source has been changed: use another source.',
  )
