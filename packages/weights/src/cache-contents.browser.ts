import { cachedUrls, dropCache, readCache } from './cache.browser.ts'
import { type CachedEntry, type CachedWeights, grouped, isManifest } from './cached-weights.ts'
import { npmFiles, urlFiles } from './fetch/web-files.browser.ts'
import type { OpenWeightsOptions } from './options.ts'
import { browser } from './platform.browser.ts'
import type { WeightsSource } from './source.ts'

/** What the cache keeps: fetched files, whatever they were fetched for. */
export async function cachedWeights(
  _options: Pick<OpenWeightsOptions, 'cacheDir'> = {},
): Promise<readonly CachedWeights[]> {
  return grouped((await Promise.all((await cachedUrls()).map(entryOf))).flat())
}

/**
 * Removes what the cache keeps of a source, with what was written down of it. Gives the bytes that are free now.
 */
export async function removeWeights(
  source: WeightsSource,
  options: Pick<OpenWeightsOptions, 'cdn' | 'cacheDir'> = {},
): Promise<number> {
  if (source.kind !== 'url' && source.kind !== 'npm') return 0
  const { files, path } = source.kind === 'url' ? urlFiles(source) : npmFiles(source, browser.task(options))
  const key = files.key(path)
  const folder = folderOf(key)
  const all = isManifest(path) ? (await cachedUrls()).filter((url) => url.startsWith(folder)) : [key]
  let freed = 0
  for (const url of all) {
    freed += (await readCache(url))?.blob?.size ?? 0
    await dropCache(url)
  }
  return freed
}

async function entryOf(key: string): Promise<CachedEntry[]> {
  const found = await readCache(key)
  if (found?.blob === undefined) return []
  const { blob, url = key, verified = false } = found
  return [{ source: url, location: key, folder: folderOf(key), bytes: blob.size, verified }]
}

const folderOf = (url: string): string => url.replace(/[^/]*(\?.*)?$/, '')
