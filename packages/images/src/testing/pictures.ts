import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { random } from '../augment/random.ts'
import type { Picture } from '../picture.ts'

/** The flower photographs that the repository ships. */
export const FLOWERS: string = fileURLToPath(new URL('../../../../data/flowers-200/', import.meta.url))

/** A picture of random bytes, always the same for a seed. */
export function noise(width: number, height: number, channels: Picture['channels'] = 3, seed = 1): Picture {
  const { integer } = random(seed)
  return { data: Uint8Array.from({ length: width * height * channels }, () => integer(256)), width, height, channels }
}

/** A picture of one colour. */
export function plain(width: number, height: number, color: readonly number[]): Picture {
  const channels = color.length as Picture['channels']
  const data = Uint8Array.from({ length: width * height * channels }, (_, i) => color[i % channels]!)
  return { data, width, height, channels }
}

/** The SHA-256 of bytes. */
export function sha256(data: Uint8Array | Uint8ClampedArray | Float32Array): string {
  return createHash('sha256')
    .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .digest('hex')
}
