import type { ByteFile, Folder, Kept } from '../files/byte-file.ts'
import type { Task } from '../task.ts'
import { meter } from './meter.ts'

/** Reports on one file: bytes it has, bytes that came over the network, its length if known. */
export type Report = (loaded: number, arrived: number, total: number | undefined) => void

/** What a platform does for files that are not on this machine. */
export interface RemoteStore {
  /** The file at a path, from the cache or fetched into it and verified. */
  ensure(path: string, report: Report): Promise<ByteFile>
  /** Drops it from the cache. */
  discard(path: string): Promise<void>
  /** What the cache keeps of it. */
  kept(path: string): Promise<Kept | undefined>
}

const atOnce = 4

/** A folder elsewhere: each file is fetched once, four at a time, with one progress for all that is prepared together. */
export function remoteFolder(name: string, store: RemoteStore, task: Pick<Task, 'onProgress'>): Folder {
  const files = new Map<string, Promise<ByteFile>>()

  const ensure = (path: string, report: Report): Promise<ByteFile> => {
    const known = files.get(path)
    if (known !== undefined) return known
    const file = store.ensure(path, report)
    files.set(path, file)
    file.catch(() => files.delete(path))
    return file
  }

  return {
    name,
    async open(path) {
      const known = files.get(path)
      if (known !== undefined) return known
      // A manifest is small beside what it names: its progress would only make the bar start twice.
      const single = meter(path.endsWith('.json') ? undefined : task.onProgress, 'download', name)
      const file = await ensure(path, (loaded, arrived, total) => {
        if (total !== undefined) single.expect(total)
        single.at(path, loaded, arrived)
      })
      single.end()
      return file
    },
    async prepare(paths, totalBytes) {
      const all = meter(task.onProgress, 'download', name)
      all.expect(totalBytes)
      await inParallel([...new Set(paths)], async (path) => {
        const file = await ensure(path, (loaded, arrived) => all.at(path, loaded, arrived))
        return file
      })
      all.end()
    },
    async discard(paths) {
      for (const path of paths) {
        files.delete(path)
        await store.discard(path)
      }
    },
    async doubt(path) {
      if ((await store.kept(path))?.verified) return
      files.delete(path)
      await store.discard(path)
    },
    async kept() {
      const all: Kept[] = []
      for (const path of files.keys()) {
        const kept = await store.kept(path)
        if (kept === undefined) return undefined
        all.push(kept)
      }
      return together(all)
    },
  }
}

/** Several files as one: they lie where the first of them, the manifest, does. */
export function together(all: readonly Kept[]): Kept | undefined {
  const [first, ...rest] = all
  if (first === undefined || rest.length === 0) return first
  return {
    location: first.location.replace(/[^/\\]*$/, ''),
    bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
    verified: all.every(({ verified }) => verified),
  }
}

/** Works on a few items at a time; after the first failure no new one is begun, and those under way are waited for. */
async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const queue = [...items]
  const failures: unknown[] = []
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined && failures.length === 0; item = queue.shift()) {
      await work(item).catch((error) => failures.push(error))
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  if (failures.length > 0) throw failures[0]
}
