import type { Dirent } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'

const ENDING = /\.(?:jpe?g|jpe|jfif|png|webp|gif|avif|tiff?)$/i

/** The files of a folder and its subfolders, in the order of their names; `/` parts the names on every system. */
export interface FoundFiles {
  /** Those whose names end as a picture's that can be read. */
  readonly pictures: readonly string[]
  /** The others. */
  readonly others: readonly string[]
}

/** Looks through a folder; links are followed, but no circle twice. `prefix` stands before each name. */
export async function filesBelow(folder: string, prefix: string): Promise<FoundFiles> {
  const files = await walk(folder, prefix, [])
  return { pictures: files.filter((name) => ENDING.test(name)), others: files.filter((name) => !ENDING.test(name)) }
}

/** What an entry of a folder is; a link is what it leads to, undefined where that is not there. */
export async function kindOf(folder: string, entry: Dirent): Promise<'file' | 'folder' | undefined> {
  const real = entry.isSymbolicLink() ? await stat(join(folder, entry.name)).catch(() => undefined) : entry
  return real?.isFile() ? 'file' : real?.isDirectory() ? 'folder' : undefined
}

async function walk(folder: string, prefix: string, above: readonly string[]): Promise<string[]> {
  const real = await realpath(folder)
  if (above.includes(real)) return []
  const entries = await readdir(folder, { withFileTypes: true })
  const files: string[] = []
  const folders: string[] = []
  for (const entry of entries.filter(({ name }) => !name.startsWith('.'))) {
    const kind = await kindOf(folder, entry)
    if (kind === 'file') files.push(`${prefix}/${entry.name}`)
    if (kind === 'folder') folders.push(entry.name)
  }
  const below: string[][] = []
  for (const name of folders.sort()) below.push(await walk(join(folder, name), `${prefix}/${name}`, [...above, real]))
  return [...files.sort(), ...below.flat()]
}
