import type { Picture } from '../picture.ts'
import type { ReadOptions } from './read.ts'

/** A picture's file and how it is read: plain data, so that another thread can read it. */
export interface PictureFile extends Pick<ReadOptions, 'profile'> {
  readonly path: string
  /** A longer short side is scaled down to this many pixels. */
  readonly shortSide?: number
}

type Read = () => Promise<Picture>

const files = new WeakMap<Read, PictureFile>()

/** Notes which file a function reads, and gives the function back. */
export function reads(file: PictureFile, read: Read): Read {
  files.set(read, file)
  return read
}

/** The file that a function reads; undefined where it is the caller's own, which only this thread can call. */
export function fileOf(read: Read): PictureFile | undefined {
  return files.get(read)
}
