import { join } from 'node:path'
import { folderName, type Note, noteOf, readNote, safeName, writeNote } from '../cache.node.ts'
import type { Kept } from '../files/byte-file.ts'
import type { Checksum, UrlSource } from '../source.ts'
import type { Task } from '../task.ts'
import { agrees, expectedOf } from './checksum.ts'
import { hashOfFile } from './hash-file.node.ts'
import { urlBase } from './url-base.ts'

/** A file's place in the cache, and what its source says of it. */
export interface Slot {
  readonly path: string
  readonly checksum: Checksum | undefined
}

/** The folder of the cache that holds a source's files. */
export function slotFolder(source: UrlSource, task: Pick<Task, 'cacheDir'>): string {
  const base = urlBase(source.url)
  return join(task.cacheDir, 'url', folderName(base.folder + base.query))
}

/** The place of a source's file, or of one beside it. */
export function slotOf(source: UrlSource, path: string, task: Pick<Task, 'cacheDir'>): Slot {
  const own = path === urlBase(source.url).path ? source.checksum : undefined
  const beside = Object.hasOwn(source.files ?? {}, path) ? source.files?.[path] : undefined
  return { path: join(slotFolder(source, task), ...path.split('/').map(safeName)), checksum: own ?? beside }
}

/**
 * The note of a cached file, if the file is whole and is what its checksum says. Only sizes are compared where the note says
 * that its hash was right, unless the task wants more.
 */
export async function keptNote(
  { path, checksum }: Slot,
  task: Pick<Task, 'verify' | 'signal'>,
): Promise<Note | undefined> {
  const note = await readNote(path)
  if (note === undefined || (task.verify && (await hashOfFile(path, 'sha256', task.signal)) !== note.sha256))
    return undefined
  const expected = checksum === undefined ? undefined : expectedOf(checksum, path)
  if (checksum === undefined || expected === undefined || note.checksum === checksum) return note
  if (expected.algorithm === 'sha256') return agrees(expected, note.sha256) ? note : undefined
  if (!agrees(expected, await hashOfFile(path, expected.algorithm, task.signal))) return undefined
  const verified: Note = { ...note, verified: true, checksum }
  await writeNote(path, verified)
  return verified
}

/** What the cache keeps of a file. */
export async function keptAt(slot: Slot): Promise<Kept | undefined> {
  const note = await noteOf(slot.path)
  return note && { location: slot.path, bytes: note.bytes, verified: note.verified ?? false }
}
