import type { OpenWeightsOptions } from './options.ts'

/*
 * The Cache API, cache "cnnkit-weights": one response a file, under the file's own URL, with headers that say its size
 * (x-cnnkit-bytes), its SHA-256 (x-cnnkit-sha256) and whether that was known beforehand (x-cnnkit-verified).
 * `caches.delete('cnnkit-weights')` empties it.
 */
const cacheName = 'cnnkit-weights'

/** What the cache holds of a file. */
export interface CachedFile {
  readonly blob: Blob
  readonly sha256: string | undefined
}

/** Where fetched weights are kept: in a browser, the Cache API's cache of that name. */
export function cacheLocation(_options: Pick<OpenWeightsOptions, 'cacheDir'> = {}): string {
  return `Cache API "${cacheName}"`
}

/** The cached file of a URL, if it has the size that was written down. Its bytes stay on disk until they are read. */
export async function readCache(url: string): Promise<CachedFile | undefined> {
  const response = await (await openCache())?.match(url, { ignoreVary: true })
  if (response === undefined) return undefined
  const blob = await response.blob()
  if (blob.size !== Number(response.headers.get('x-cnnkit-bytes'))) return undefined
  return { blob, sha256: response.headers.get('x-cnnkit-sha256') ?? undefined }
}

/** Keeps a file, at once; false where the browser will not (no room, private window, page without https). */
export async function writeCache(
  url: string,
  blob: Blob,
  sha256: string | undefined,
  verified: boolean,
): Promise<boolean> {
  const headers = new Headers({
    'content-type': 'application/octet-stream',
    'x-cnnkit-bytes': String(blob.size),
    'x-cnnkit-verified': String(verified),
  })
  if (sha256 !== undefined) headers.set('x-cnnkit-sha256', sha256)
  try {
    const cache = await openCache()
    await cache?.put(url, new Response(blob, { headers }))
    return cache !== undefined
  } catch {
    return false
  }
}

/** Removes the file of a URL. */
export async function dropCache(url: string): Promise<void> {
  await (await openCache())?.delete(url, { ignoreVary: true })
}

/** Undefined where there is none: outside https and localhost, or where the user forbids storage. */
async function openCache(): Promise<Cache | undefined> {
  try {
    return await globalThis.caches?.open(cacheName)
  } catch {
    return undefined
  }
}
