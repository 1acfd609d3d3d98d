// Unlike the browser's own crypto these go piece by piece, know MD5, and work on pages without https.
import { md5, sha1 } from '@noble/hashes/legacy.js'
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js'
import { type Algorithm, hexOf } from './checksum.ts'

const functions = { md5, sha1, sha256, sha384, sha512 } as const

/** Hashes bytes as they come. */
export interface Hasher {
  update(bytes: Uint8Array): void
  /** In hexadecimal; nothing can be added afterwards. */
  digest(): string
}

/** A hasher that has seen nothing yet. */
export function hasher(algorithm: Algorithm): Hasher {
  const hash = functions[algorithm].create()
  return { update: (bytes) => void hash.update(bytes), digest: () => hexOf(hash.digest()) }
}
