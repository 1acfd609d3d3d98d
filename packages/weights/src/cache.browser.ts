import type { OpenWeightsOptions } from './options.ts'

/*
 * The Cache API, cache "cnnkit-weights": one response a file, under the URL that its publisher has it at, with headers that
 * say its size (x-cnnkit-bytes), its SHA-256 (-sha256), whether a hash was known beforehand (-verified) and which (-checksum),
 * where it was fetched from (-url) and when first (-fetched). `caches.delete('cnnkit-weights')` empties it.
 */
const cacheName = 'cnnkit-weights'

/** What is written down of a cached file. */
export interface CacheNote {
  /** Where it was fetched from. */
  readonly url: string
  readonly sha256: string
  /** Whether a hash was known before it was fetched. */
  readonly verified: boolean
  /** The checksum of the source that it was fetched for. */
  readonly checksum: string | undefined
  /** When it first came, as ISO 8601. */
  readonly fetched: string
}

/** What the cache holds of a file; what its note does not say is undefined. */
export type CachedFile = { readonly [K in keyof CacheNote]: CacheNote[K] | undefined } & {
  /** Undefined where it has not the size that was written down. Its bytes stay on disk until they are read. */
  readonly blob: Blob | undefined
}

/** Where fetched weights are kept: in a browser, the Cache API's cache of that name. */
export function cacheLocation(_options: Pick<OpenWeightsOptions, 'cacheDir'> = {}): string {
  return `Cache API "${cacheName}"`
}

/** The cached file of a URL. */
export async function readCache(url: string): Promise<CachedFile | undefined> {
  const response = await (await openCache())?.match(url, { ignoreVary: true })
  if (response === undefined) return undefined
  const blob = await response.blob()
  const said = (name: string): string | undefined => response.headers.get(`x-cnnkit-${name}`) ?? undefined
  return {
    blob: blob.size === Number(said('bytes')) ? blob : undefined,
    url: said('url'),
    sha256: said('sha256'),
    verified: said('verified') === 'true',
    checksum: said('checksum'),
    fetched: said('fetched'),
  }
}

/** Keeps a file, at once; false where the browser will not (no room, private window, page without https). */
export async function writeCache(url: string, blob: Blob, note: CacheNote): Promise<boolean> {
  const headers = new Headers({ 'content-type': 'application/octet-stream', 'x-cnnkit-bytes': String(blob.size) })
  for (const [name, value] of Object.entries(note)) {
    if (value !== undefined) headers.set(`x-cnnkit-${name}`, String(value))
  }
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

/** The URLs that the cache has files of. */
export async function cachedUrls(): Promise<readonly string[]> {
  return ((await (await openCache())?.keys()) ?? []).map(({ url }) => url)
}

/** Undefined where there is none: outside https and localhost, or where the user forbids storage. */
async function openCache(): Promise<Cache | undefined> {
  try {
    return await globalThis.caches?.open(cacheName)
  } catch {
    return undefined
  }
}
