import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { CheckpointStore } from './checkpoint.ts'

/** A checkpoint in a file (Node). Saving writes beside it and renames, so there is always a whole one. */
export function checkpointFile(path: string): CheckpointStore {
  return {
    name: path,
    load: async () => {
      try {
        return await readFile(path)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
        throw error
      }
    },
    save: async (bytes) => {
      await mkdir(dirname(path), { recursive: true })
      const unfinished = `${path}.${process.pid}.tmp`
      const file = await open(unfinished, 'w')
      try {
        await file.writeFile(bytes)
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(unfinished, path)
    },
    remove: () => rm(path, { force: true }),
  }
}
