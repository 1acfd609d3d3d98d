import { weightsError } from '../error.ts'

/** Hash functions that files are verified by. */
export type Algorithm = 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512'

/** What a file must hash to. */
export interface Expected {
  readonly algorithm: Algorithm
  /** Hexadecimal, lower case; the first digits where a publisher gives no more. */
  readonly hex: string
}

const kinds: Readonly<
  Record<string, { readonly algorithm: Algorithm; readonly digits: RegExp; readonly ask: string }>
> = {
  md5: { algorithm: 'md5', digits: /^[0-9a-f]{32}$/i, ask: '32' },
  sha1: { algorithm: 'sha1', digits: /^[0-9a-f]{40}$/i, ask: '40' },
  sha256: { algorithm: 'sha256', digits: /^[0-9a-f]{64}$/i, ask: '64' },
  'sha256-prefix': { algorithm: 'sha256', digits: /^[0-9a-f]{8,64}$/i, ask: '8 or more' },
  sha384: { algorithm: 'sha384', digits: /^[0-9a-f]{96}$/i, ask: '96' },
}

/** A checksum as sources write it; undefined for `none`. Errors: `BAD_SOURCE` unless it is a kind and its digits. */
export function expectedOf(checksum: string, of: string): Expected | undefined {
  if (checksum === 'none') return undefined
  const [, name = '', hex = ''] = checksum.match(/^([^:]*):(.*)$/) ?? []
  const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined
  if (kind?.digits.test(hex)) return { algorithm: kind.algorithm, hex: hex.toLowerCase() }
  const remedy = kind
    ? `Give ${kind.ask} hexadecimal digits after "${name}:".`
    : `Write ${Object.keys(kinds).join(':, ')}: and its hexadecimal digits, or none.`
  throw weightsError('BAD_SOURCE', `The checksum of ${of} is "${checksum}". ${remedy}`)
}

/** An npm integrity (`sha512-...` in base64). Errors: `BAD_SOURCE` where it holds no SHA-512 or SHA-256. */
export function integrity(text: string, of: string): Expected {
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

/** Whether a file with this hash is the expected one. */
export const agrees = (expected: Expected, actual: string | undefined): boolean =>
  actual?.startsWith(expected.hex) ?? false

/** Bytes in hexadecimal. */
export const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

/** The error for bytes that do not hash to what they must. */
export const checksumError = (what: string, expected: Expected, actual: string): Error =>
  weightsError(
    'CHECKSUM_MISMATCH',
    `${what} has the wrong content: expected ${expected.algorithm} ${expected.hex}, got ${actual}. Nothing was kept. ` +
      'Try again; if it stays wrong, the file at the source has been changed: use another source.',
  )
