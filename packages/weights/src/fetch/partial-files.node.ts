import { readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isAbandoned, me, nameOf, type Owned, parseName } from './owner.node.ts'

/** The partial downloads of `what` that nobody works on. */
export async function unfinished(folder: string, what: string): Promise<readonly string[]> {
  const paths: string[] = []
  for (const name of await readdir(folder).catch(() => [])) {
    const owned = parseName(name)
    const path = join(folder, name)
    if (owned?.what === what && (owned.kind !== 'part' || (await isAbandoned(owned, path)))) paths.push(path)
  }
  return paths
}

/** Deletes the partial downloads that nobody has gone on with for a month. */
export async function sweepForgotten(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (parseName(name) === undefined) continue
    const path = join(folder, name)
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }))
    if (Date.now() - mtimeMs > month) await rm(path, { recursive: true, force: true })
  }
}

const month = 30 * 24 * 3600 * 1000

/** Makes the longest abandoned file of `what` ours by renaming it, which only one process can; deletes the others. */
export async function adopt(folder: string, what: string): Promise<string | undefined> {
  const found: (Owned & { path: string; size: number })[] = []
  for (const name of await readdir(folder)) {
    const owned = parseName(name)
    const path = join(folder, name)
    if (owned?.what !== what || owned.kind !== 'part' || !(await isAbandoned(owned, path))) continue
    const { size } = await stat(path).catch(() => ({ size: 0 }))
    found.push({ ...owned, path, size })
  }
  found.sort((a, b) => b.size - a.size)
  let taken: string | undefined
  for (const { path, size: _, ...owned } of found) {
    if (taken !== undefined) {
      await rm(path, { force: true })
      await rm(join(folder, nameOf({ ...owned, owner: 'free', kind: 'validator' })), { force: true })
    } else if (await renamed(path, join(folder, nameOf({ ...owned, owner: me() })))) taken = owned.random
  }
  return taken
}

const renamed = (from: string, to: string): Promise<boolean> =>
  rename(from, to).then(
    () => true,
    () => false,
  )
