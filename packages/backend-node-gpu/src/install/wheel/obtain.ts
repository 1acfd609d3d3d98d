import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { megabytes } from '../disk.ts'
import { download, sha256Of } from '../fetch/download.ts'
import type { Http } from '../fetch/http.ts'
import type { PipConfig } from '../pip/config.ts'
import { offers } from '../pip/offers.ts'
import type { Progress } from '../progress.ts'
import { chooseWheel } from './choose.ts'
import type { Pins } from './pins.ts'

/** Where wheels come from and are kept. */
export interface Sources {
  readonly config: PipConfig
  readonly http: Http
  readonly cache: string
  readonly progress: Progress
}

/** A wheel on the disk, its hash held. */
export interface Obtained {
  readonly file: string
  readonly filename: string
  readonly sha256: string
}

/** A wheel of a project's version: from the cache without asking anybody, else from where pip is configured to fetch. */
export async function obtain(project: string, version: string, pins: Pins, sources: Sources): Promise<Obtained> {
  const { config, http, cache, progress } = sources
  const kept = await fromCache(pins, sources)
  if (kept !== undefined) return kept
  const wheel = chooseWheel(project, version, pins, await offers(project, config, http))
  const { filename, sha256 } = wheel
  progress.step(`Fetching ${filename}${wheel.size === undefined ? '' : ` (${megabytes(wheel.size)})`}`)
  if (!wheel.pinned) progress.note(`Its hash is the index's word alone: we know none for this version.`)
  return { file: await download(wheel, cache, http, progress), filename, sha256 }
}

/** A wheel that was fetched before, if it is still whole. */
async function fromCache(pins: Pins, { cache, progress }: Sources): Promise<Obtained | undefined> {
  const kept = Object.entries(pins).find(([filename]) => existsSync(path.join(cache, filename)))
  if (kept === undefined) return undefined
  const [filename, sha256] = kept
  const file = path.join(cache, filename)
  progress.step(`Verifying ${filename}, from the cache`)
  if ((await sha256Of(file, progress)) === sha256) return { file, filename, sha256 }
  progress.note('It is damaged: fetching it again.')
  await rm(file)
  return undefined
}
