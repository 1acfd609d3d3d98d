import { readFile, rm } from 'node:fs/promises'
import type { CheckpointStore } from './checkpoint.ts'
import { unfinishedName, writeWhole } from './whole-file.ts'

/**
 * A checkpoint in a file (Node). Saving writes beside it and renames, so there is always a whole one. Its `save` throws
 * `WRITE_FAILED` (a full disk, no permission); the checkpoint before is then still there.
 */
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
    save: (bytes) => writeWhole(path, bytes),
    remove: async () => {
      await rm(path, { force: true })
      await rm(unfinishedName(path), { force: true })
    },
  }
}
