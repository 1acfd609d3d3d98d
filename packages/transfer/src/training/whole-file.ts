import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { CnnkitError } from '@cnnkit/errors'

/** Where {@link writeWhole} writes before it renames. One name, so that a killed process leaves at most one such file. */
export const unfinishedName = (path: string): string => `${path}.unfinished`

/**
 * Writes a file all or nothing: beside it, to the disk, then renamed. Whoever reads finds the old one or the new one.
 *
 * @throws `WRITE_FAILED`; the old file is then as it was
 */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const unfinished = unfinishedName(path)
  try {
    await mkdir(dirname(path), { recursive: true })
    const file = await open(unfinished, 'w')
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(unfinished, path)
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => {})
    throw writeFailed(path, error)
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full: make room',
  EDQUOT: 'the quota is used up: make room',
  EACCES: 'there is no permission to write there: allow it, or name another folder',
  EPERM: 'writing there is not permitted: allow it, or name another folder',
  EROFS: 'the disk is read-only: name another folder',
  ENOTDIR: 'a part of the path is a file: name another folder',
  EISDIR: 'it is a folder: name a file',
}

/** `WRITE_FAILED` for an error of the file system, with what to do; other errors as they are. */
export function writeFailed(path: string, error: unknown): unknown {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === undefined || error instanceof CnnkitError) return error
  const reason = reasons[code] ?? message
  return new CnnkitError(
    'transfer',
    'WRITE_FAILED',
    `"${path}" could not be written, as ${reason}. What was kept before is still there; run the same again to go on.`,
    { cause: error },
  )
}
