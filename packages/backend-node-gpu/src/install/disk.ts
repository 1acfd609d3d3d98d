import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import path from 'node:path'
import { CnnkitError } from '@cnnkit/errors'
import { failure, messageOf } from '../error.ts'

/** @throws `DISK_FULL` where a folder's disk has not so many bytes left */
export async function assertSpace(folder: string, bytes: number, forWhat: string): Promise<void> {
  let there = path.resolve(folder)
  while (!existsSync(there)) there = path.dirname(there)
  const { bavail, bsize } = await statfs(there)
  const free = bavail * bsize
  if (free >= bytes) return
  throw failure(
    'DISK_FULL',
    `${there} has ${megabytes(free)} left, and ${forWhat} takes ${megabytes(bytes)}. Make room and run it again.`,
  )
}

/** A failure to write as an error that names the folder and says what to do; any other as it is. */
export function explained(error: unknown, folder: string): unknown {
  if (error instanceof CnnkitError) return error
  const code = String((error as NodeJS.ErrnoException).code)
  if (/^E(NOSPC|DQUOT)$/.test(code))
    return failure('DISK_FULL', `No room is left for ${folder}. Make some and run it again.`, error)
  if (/^E(ACCES|PERM|ROFS)$/.test(code)) {
    return failure(
      'NO_PERMISSION',
      `${folder} may not be written to: ${messageOf(error)}. Run it as the user who owns the folder.`,
      error,
    )
  }
  return error
}

/** `274 MB`, in units of a million bytes, as indexes say it. */
export function megabytes(bytes: number): string {
  return bytes >= 1e9 ? `${(bytes / 1e9).toFixed(2)} GB` : `${Math.round(bytes / 1e6)} MB`
}
