import { readFileSync } from 'node:fs'
import type { Picture } from '../picture.ts'

/** A picture as it stands in a golden file. */
export interface StoredPicture {
  readonly width: number
  readonly height: number
  readonly channels: number
  /** Base64. */
  readonly data: string
}

/** What to do when a golden differs; for `expect(actual, HOW_TO_UPDATE)`. */
export const HOW_TO_UPDATE = 'goldens come from Pillow: python reference/images/golden.py'

/** A golden file of `reference/images/golden.py`. */
export function golden<Content>(name: 'resize' | 'color' | 'photo' | 'cmyk'): Content {
  return JSON.parse(readFileSync(new URL(`../golden/${name}.json`, import.meta.url), 'utf8')) as Content
}

/** Bytes of base64. */
export function bytesOf(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, 'base64'))
}

/** The picture of a golden file. */
export function pictureOf({ width, height, channels, data }: StoredPicture): Picture {
  return { data: bytesOf(data), width, height, channels: channels as Picture['channels'] }
}

/** The largest difference between two byte arrays of one length. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY
  let most = 0
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!))
  return most
}
