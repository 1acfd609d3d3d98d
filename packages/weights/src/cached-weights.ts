/** Weights that the cache keeps. */
export interface CachedWeights {
  /** The address that they were fetched from, or the package with its version and folder. */
  readonly source: string
  /** A path, in a browser an address of the Cache API. */
  readonly location: string
  /** Of all their files. */
  readonly bytes: number
  /** Whether a hash that the publisher gives was compared, and right. */
  readonly verified: boolean
}

/** A file of the cache, as its note has it. */
export interface CachedEntry extends CachedWeights {
  /** What it lies in; a manifest's shards lie beside it. */
  readonly folder: string
}

/** Entries of one model made one: where a folder has a manifest, all its files. */
export function grouped(entries: readonly CachedEntry[]): readonly CachedWeights[] {
  const manifests = new Map(entries.filter(({ source }) => isManifest(source)).map((entry) => [entry.folder, entry]))
  const groups = new Map<string, CachedWeights>()
  for (const { folder, ...entry } of entries) {
    const { source, location } = manifests.get(folder) ?? entry
    const known = groups.get(location)
    groups.set(location, {
      source,
      location,
      bytes: entry.bytes + (known?.bytes ?? 0),
      verified: entry.verified && (known?.verified ?? true),
    })
  }
  return [...groups.values()].sort((a, b) => (a.source < b.source ? -1 : 1))
}

/** Whether an address is that of a list of shards. */
export const isManifest = (address: string): boolean => /\.json(\?|$)/.test(address)
