// Unlike the browser's own crypto this goes piece by piece, knows MD5, and works on pages without https.
import { createMD5, createSHA1, createSHA256, createSHA384, type IHasher } from 'hash-wasm'
import { reasonOf, weightsError } from '../error.ts'
import type { Algorithm } from './checksum.ts'

const functions: Partial<Record<Algorithm, () => Promise<IHasher>>> = {
  md5: createMD5,
  sha1: createSHA1,
  sha256: createSHA256,
  sha384: createSHA384,
}

/** Hashes bytes as they come, by several functions at once. */
export interface Hashers {
  /** Forgets what there was. */
  begin(): void
  write(chunk: Uint8Array): void
  /** In hexadecimal; nothing can be written afterwards. */
  digests(): ReadonlyMap<Algorithm, string>
}

/** Hashers that have seen nothing yet. Errors: `NO_WASM` where the page may not compile WebAssembly. */
export async function hashers(algorithms: readonly Algorithm[]): Promise<Hashers> {
  const all = new Map<Algorithm, IHasher>()
  for (const algorithm of algorithms) {
    const make = functions[algorithm]
    if (make !== undefined) all.set(algorithm, await make().catch(refused))
  }
  return {
    begin: () => {
      for (const hasher of all.values()) hasher.init()
    },
    write: (chunk) => {
      for (const hasher of all.values()) hasher.update(chunk)
    },
    digests: () => new Map(Array.from(all, ([algorithm, hasher]) => [algorithm, hasher.digest()])),
  }
}

function refused(error: unknown): never {
  throw weightsError(
    'NO_WASM',
    `Files cannot be hashed: this page may not compile WebAssembly (${reasonOf(error)}). Allow 'wasm-unsafe-eval' in its Content-Security-Policy.`,
    error,
  )
}
