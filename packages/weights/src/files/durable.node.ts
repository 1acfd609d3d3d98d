import { open, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { isAbandoned, me, nameOf, parseName } from '../fetch/owner.node.ts'

/** Writes a file through to the disk under another name, then gives it its own: it is never seen half written. */
export async function writeWhole(
  path: string,
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<void> {
  const temporary = join(dirname(path), nameOf({ what: `.${basename(path)}`, owner: me(), kind: 'saving' }))
  try {
    const file = await open(temporary, 'wx')
    try {
      for await (const piece of pieces) await file.writeFile(piece)
      await file.sync()
    } finally {
      await file.close()
    }
    await renameOver(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/** Makes the names in a folder durable, where the system can (Windows cannot and need not). */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined)
  await handle?.sync().catch(() => undefined)
  await handle?.close()
}

/** Whether there is anything at a path. */
export const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

/** Deletes what a process that was killed had under way in a folder: temporary files and folders of that name, or of any. */
export async function sweepAbandoned(folder: string, what?: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const owned = parseName(name)
    if (owned?.kind !== 'saving' || (what !== undefined && owned.what !== what)) continue
    const path = join(folder, name)
    if (await isAbandoned(owned, path)) await rm(path, { recursive: true, force: true })
  }
}

/** Deletes the files of a pattern that are not to be kept and are more than an hour old. */
export async function sweepUnnamed(folder: string, pattern: RegExp, keep: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    if (pattern.test(name) && !keep.has(name) && (await ageOf(path)) > 3600_000) await rm(path, { force: true })
  }
}

const ageOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ mtimeMs }) => Date.now() - mtimeMs,
    () => 0,
  )

/** On Windows a file that someone reads cannot be replaced for a moment. */
async function renameOver(from: string, to: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return await rename(from, to)
    } catch (error) {
      const busy = ['EPERM', 'EACCES', 'EBUSY'].includes((error as NodeJS.ErrnoException).code ?? '')
      if (!busy || process.platform !== 'win32' || tries === 5) throw error
      await new Promise((resolve) => setTimeout(resolve, 50 * 2 ** tries))
    }
  }
}
