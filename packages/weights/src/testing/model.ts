import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isCnnkitError } from '@cnnkit/errors'
import { onTestFinished } from 'vitest'

/** A folder that is deleted after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cnnkit-weights-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** A file beside the repository, in `../shared`. */
export const shared = (path: string): string => fileURLToPath(new URL(`../../../../../shared/${path}`, import.meta.url))

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** The checksum that a source says of bytes. */
export const pinned = (bytes: Uint8Array): `sha256:${string}` => `sha256:${sha256(bytes)}`

/** Bytes that look random and are always the same. */
export function noise(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length)
  let state = seed
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    bytes[i] = state >>> 24
  }
  return bytes
}

/** The bytes of float32 values. */
export const floats = (...values: number[]): Uint8Array => new Uint8Array(new Float32Array(values).buffer)

/** A safetensors file, a weight file that is whole by itself: the tensor `x` of bytes, or several that are cut from them. */
export function singleFile(bytes: Uint8Array, tensors = 1): Uint8Array {
  const size = bytes.length / tensors
  const entry = (at: number): object => ({ dtype: 'U8', shape: [size], data_offsets: [at * size, (at + 1) * size] })
  const entries = Array.from({ length: tensors }, (_, at) => [at === 0 ? 'x' : `x${at}`, entry(at)])
  const text = JSON.stringify(Object.fromEntries(entries))
  const header = new TextEncoder().encode(text.padEnd(Math.ceil(text.length / 8) * 8))
  const length = new Uint8Array(new BigUint64Array([BigInt(header.length)]).buffer)
  return Buffer.concat([length, header, bytes])
}

/** Two float32 tensors in a group of two shards: `a` [2, 3] = 0..5 and `b` [2] = 6, 7; the first shard ends inside `a`. */
interface Tiny {
  readonly json: object
  readonly one: Uint8Array
  readonly two: Uint8Array
}

export const tiny: Tiny = {
  json: {
    modelTopology: null,
    weightsManifest: [
      {
        paths: ['one.bin', 'two.bin'],
        weights: [
          { name: 'a', shape: [2, 3], dtype: 'float32' },
          { name: 'b', shape: [2], dtype: 'float32' },
        ],
      },
    ],
  },
  one: floats(0, 1, 2, 3),
  two: floats(4, 5, 6, 7),
}

/** The code and message of the CnnkitError that a promise is rejected with. */
export async function failure(promise: Promise<unknown>): Promise<{ code: string; message: string }> {
  try {
    await promise
  } catch (error) {
    if (isCnnkitError(error)) return { code: error.code, message: error.message }
    throw error
  }
  throw new Error('It was not rejected.')
}
