import { isCnnkitError } from '@cnnkit/errors'
import { reasonOf, weightsError } from '../error.ts'
import type { ByteFile, Folder } from '../files/byte-file.ts'
import type { TfjsGroup } from './tfjs-manifest.ts'

/** The shards of each group, opened: they are all there and have, together, the size that the manifest says. */
export async function openShards(
  groups: readonly TfjsGroup[],
  folder: Folder,
  source: string,
): Promise<readonly (readonly ByteFile[])[]> {
  const paths = groups.flatMap((group) => group.paths)
  const total = groups.reduce((sum, group) => sum + group.byteLength, 0)
  await folder.prepare?.(paths, total).catch((error) => {
    throw missing(error, 'a shard', source)
  })
  const shards = await Promise.all(
    groups.map((group) => Promise.all(group.paths.map((path) => openShard(path, folder, source)))),
  )
  for (const [index, group] of groups.entries()) {
    try {
      checkSizes(group, shards[index] as ByteFile[], source)
    } catch (error) {
      await folder.discard?.(group.paths)
      throw error
    }
  }
  return shards
}

/** Fills `target` with the bytes of a group from `position` on, from the shards that hold them and no others. */
export async function readAcross(shards: readonly ByteFile[], target: Uint8Array, position: number): Promise<void> {
  let start = 0
  for (const shard of shards) {
    const from = Math.max(position, start)
    const to = Math.min(position + target.byteLength, start + shard.size)
    if (from < to) await shard.readInto(target.subarray(from - position, to - position), from - start)
    start += shard.size
  }
}

async function openShard(path: string, folder: Folder, source: string): Promise<ByteFile> {
  return folder.open(path).catch((error) => {
    throw missing(error, `the shard "${path}"`, source)
  })
}

function missing(error: unknown, what: string, source: string): unknown {
  if (!isCnnkitError(error, 'NOT_FOUND')) return error
  return weightsError(
    'SHARD_MISSING',
    `${source} needs ${what}, but: ${reasonOf(error)} Copy or fetch all files of the model.`,
    error,
  )
}

function checkSizes(group: TfjsGroup, shards: readonly ByteFile[], source: string): void {
  const actual = shards.reduce((sum, shard) => sum + shard.size, 0)
  if (actual === group.byteLength) return
  const suspect = oddOne(shards)
  if (suspect === undefined) {
    throw weightsError('BAD_MANIFEST', `${source} has ${group.byteLength} bytes of weights in a group without a file.`)
  }
  const expected = group.byteLength - (actual - suspect.size)
  const several =
    shards.length === 1 ? '' : ` (with it, ${shards.length} shards have ${actual} bytes instead of ${group.byteLength})`
  throw weightsError(
    'SHARD_SIZE',
    `${suspect.name} has ${suspect.size} bytes, expected ${expected}${several}. Copy or fetch it again.`,
  )
}

/** Writers cut a group into shards of one size, the last one shorter: the one that breaks the rule, or else the last. */
function oddOne(shards: readonly ByteFile[]): ByteFile | undefined {
  const body = shards.slice(0, -1)
  const counts = new Map<number, number>()
  for (const { size } of body) counts.set(size, (counts.get(size) ?? 0) + 1)
  const usual = [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0]?.[0]
  return body.find(({ size }) => size !== usual) ?? shards.at(-1)
}
