import { readdir, rm, rmdir } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { cacheLocation, type Note, readJson, sizeOf } from './cache.node.ts'
import { type CachedEntry, type CachedWeights, grouped, isManifest } from './cached-weights.ts'
import { expectedOf } from './fetch/checksum.ts'
import { partialName } from './fetch/download.node.ts'
import { checkNpmSource } from './fetch/npm-source.ts'
import { type Mark, unitFolder } from './fetch/npm-unit.node.ts'
import { unfinished } from './fetch/partial-files.node.ts'
import { slotFolder, slotOf } from './fetch/slot.node.ts'
import { urlBase } from './fetch/url-base.ts'
import type { OpenWeightsOptions } from './options.ts'
import type { WeightsSource } from './source.ts'

/** What the cache keeps: fetched files and unpacked folders of packages, whatever they were fetched for. */
export async function cachedWeights(
  options: Pick<OpenWeightsOptions, 'cacheDir'> = {},
): Promise<readonly CachedWeights[]> {
  const cache = cacheLocation(options)
  const files = await filesIn(join(cache, 'url'))
  const fetched = await Promise.all(files.filter((path) => path.endsWith(NOTE)).map((path) => entryOf(path, cache)))
  const units = (await filesIn(join(cache, 'npm'))).filter((path) => path.endsWith('cnnkit.json'))
  const unpacked = await Promise.all(units.map(unitOf))
  return [...grouped(fetched.flat()), ...unpacked.flat()]
}

/**
 * Removes what the cache keeps of a source, with what was written down of it; what is used where it lies stays. Gives the
 * bytes that are free now.
 */
export async function removeWeights(
  source: WeightsSource,
  options: Pick<OpenWeightsOptions, 'cacheDir'> = {},
): Promise<number> {
  const task = { cacheDir: cacheLocation(options) }
  if (source.kind === 'npm') {
    checkNpmSource(source)
    return removeAll([unitFolder(source, task.cacheDir)])
  }
  if (source.kind !== 'url') return 0
  const { path, checksum } = slotOf(source, urlBase(source.url).path, task)
  const expected = checksum === undefined ? undefined : expectedOf(checksum, source.url)
  const parts = await unfinished(join(task.cacheDir, 'partial'), partialName({ url: source.url, expected }))
  return removeAll([...(isManifest(path) ? [slotFolder(source, task)] : [path, `${path}.cnnkit.json`]), ...parts])
}

const NOTE = '.cnnkit.json'

async function entryOf(note: string, cache: string): Promise<CachedEntry[]> {
  const location = note.slice(0, -NOTE.length)
  const [said, bytes] = [await readJson<Note>(note), await sizeOf(location)]
  if (said === undefined || bytes === undefined) return []
  const folder = relative(join(cache, 'url'), location).split(/[/\\]/)[0] as string
  return [{ source: said.url ?? location, location, folder, bytes, verified: said.verified ?? false }]
}

async function unitOf(mark: string): Promise<CachedWeights[]> {
  const said = await readJson<Mark>(mark)
  if (said === undefined) return []
  const location = dirname(mark)
  const bytes = Object.values(said.files).reduce((sum, file) => sum + file.bytes, 0)
  const folder = location.split(/[/\\]/).at(-1) as string
  const source = folder === '+' ? said.package : `${said.package}/${decodeURIComponent(folder.replaceAll('+', '/'))}`
  return [{ source, location, bytes, verified: true }]
}

async function removeAll(paths: readonly string[]): Promise<number> {
  let freed = 0
  for (const path of paths) {
    const inside = await filesIn(path)
    const weights = (inside.length > 0 ? inside : [path]).filter((file) => !file.endsWith('cnnkit.json'))
    for (const file of weights) freed += (await sizeOf(file)) ?? 0
    await rm(path, { recursive: true, force: true })
    // The folder that it was the last in goes too.
    await rmdir(dirname(path)).catch(() => undefined)
  }
  return freed
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}
