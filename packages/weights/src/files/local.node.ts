import { closeSync, openSync, readSync } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { weightsError } from '../error.ts'
import { type ByteFile, endsTooEarly, type Folder, type Location } from './byte-file.ts'

/** A file on disk; parts of it are read where they lie. Errors: `NOT_FOUND`. */
export async function localFile(path: string): Promise<ByteFile> {
  const { size } = await statFile(path)
  return {
    name: path,
    size,
    readInto: (target, position) =>
      target.byteLength <= SMALL ? readSmall(path, target, position) : readLarge(path, target, position),
  }
}

/** So many bytes are there before another thread could have been asked for them. */
const SMALL = 64 * 1024

async function readSmall(path: string, target: Uint8Array, position: number): Promise<void> {
  const file = opened(path)
  try {
    for (let done = 0; done < target.byteLength; ) {
      const bytesRead = readSync(file, target, done, target.byteLength - done, position + done)
      if (bytesRead === 0) throw endsTooEarly(path, position, target, position + done)
      done += bytesRead
    }
  } finally {
    closeSync(file)
  }
}

function opened(path: string): number {
  try {
    return openSync(path, 'r')
  } catch (error) {
    throw notFound(path, error as NodeJS.ErrnoException)
  }
}

async function readLarge(path: string, target: Uint8Array, position: number): Promise<void> {
  const handle = await open(path).catch((error) => {
    throw notFound(path, error)
  })
  try {
    for (let done = 0; done < target.byteLength; ) {
      const { bytesRead } = await handle.read(target, done, target.byteLength - done, position + done)
      if (bytesRead === 0) throw endsTooEarly(path, position, target, position + done)
      done += bytesRead
    }
  } finally {
    await handle.close()
  }
}

/** A folder on disk. */
export const localFolder = (folder: string): Folder => ({
  name: folder,
  open: (path) => localFile(join(folder, path)),
})

/** What a path means: a file, or a folder that holds a tfjs `model.json`. Errors: `NOT_FOUND`. */
export async function locatePath(path: string): Promise<Location> {
  const absolute = resolve(path)
  const found = await stat(absolute).catch((error) => {
    throw notFound(absolute, error)
  })
  if (!found.isDirectory()) return { folder: localFolder(dirname(absolute)), path: basename(absolute) }
  await statFile(join(absolute, 'model.json')).catch((error) => {
    throw weightsError('NOT_FOUND', `The folder ${absolute} has no model.json. Name the weight file itself.`, error)
  })
  return { folder: localFolder(absolute), path: 'model.json' }
}

async function statFile(path: string): Promise<{ size: number }> {
  const found = await stat(path).catch((error) => {
    throw notFound(path, error)
  })
  if (!found.isFile()) throw weightsError('NOT_FOUND', `${path} is not a file. Name a weight file.`)
  return found
}

function notFound(path: string, error: NodeJS.ErrnoException): Error {
  const why = error.code === 'ENOENT' || error.code === 'ENOTDIR' ? 'does not exist' : `cannot be read (${error.code})`
  return weightsError('NOT_FOUND', `${path} ${why}. Check the path.`, error)
}
