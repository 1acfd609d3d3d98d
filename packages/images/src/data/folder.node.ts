import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { CnnkitError } from '@cnnkit/errors'
import { readPictureFile } from '../read/picture-file.node.ts'
import { reads } from '../read/picture-file.ts'
import type { ReadOptions } from '../read/read.ts'
import { type BadFile, withoutBadFiles } from './bad-files.ts'
import { type PictureDataset, pictureDataset } from './dataset.ts'
import { type FoundFiles, filesBelow, kindOf } from './files.node.ts'

/** How {@link imageFolder} reads. */
export interface ImageFolderOptions extends Pick<ReadOptions, 'profile'> {
  /** Room for decoded pictures that are kept in memory, first come. Default 256 MiB. */
  readonly cacheBytes?: number
  /**
   * Pictures with a longer short side are scaled down to this many pixels as they are read (bicubic), so that photographs of many
   * megapixels fit the cache and train fast. Default: never.
   */
  readonly shortSide?: number
  /** Where it is given, every picture is decoded once at the start, and those that cannot be read are reported and left out. */
  readonly onBadFile?: (failure: BadFile) => void
}

/** The pictures of a folder. */
export interface ImageFolder extends PictureDataset {
  /** The folder. */
  readonly directory: string
  /** Files in the class folders that were left out because their names do not end as a picture's. */
  readonly ignored: readonly string[]
}

const CACHE_BYTES = 256 * 2 ** 20
const SPLIT_NAMES = new Set(['train', 'training', 'val', 'valid', 'validation', 'test'])

/**
 * A folder of pictures with one subfolder for each class, as torchvision's `ImageFolder`: classes in the order of their
 * names, pictures at any depth by their endings (.jpg, .jpeg, .png, .webp, .gif, .avif, .tif, .tiff), hidden files left
 * out. Nothing is decoded until it is asked for, unless `onBadFile` is given.
 *
 * Throws `NOT_FOUND`, `NO_CLASSES` (no subfolder), `ONE_CLASS`, `EMPTY_CLASS` and `SPLIT_FOLDER` (its subfolders are
 * `train`, `val`, ...: open one of them).
 */
export async function imageFolder(directory: string, options: ImageFolderOptions = {}): Promise<ImageFolder> {
  const classes = await classFolders(directory)
  const found = await Promise.all(classes.map((name) => filesBelow(join(directory, name), name)))
  checkClasses(directory, classes, found)
  const { profile, shortSide } = options
  const how = { ...(profile && { profile }), ...(shortSide !== undefined && { shortSide }) }
  const items = found.flatMap(({ pictures }, label) =>
    pictures.map((id) => {
      const file = { path: join(directory, id), ...how }
      return { id, label, read: reads(file, () => readPictureFile(file)) }
    }),
  )
  const dataset = pictureDataset({ classes, items, cacheBytes: options.cacheBytes ?? CACHE_BYTES })
  const { dataset: good, failures } = options.onBadFile ? await withoutBadFiles(dataset) : { dataset, failures: [] }
  for (const failure of failures) options.onBadFile?.(failure)
  return { ...good, directory, ignored: found.flatMap(({ others }) => others) }
}

async function classFolders(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch((cause) => {
    const reason = cause.code === 'ENOTDIR' ? 'is a file, not a folder' : 'is not there, or may not be read'
    throw new CnnkitError('images', 'NOT_FOUND', `The folder "${directory}" ${reason}.`, { cause })
  })
  const kinds = await Promise.all(entries.map((entry) => kindOf(directory, entry)))
  const folders = entries.filter(({ name }, index) => kinds[index] === 'folder' && !name.startsWith('.'))
  return folders.map(({ name }) => name).sort()
}

function checkClasses(directory: string, classes: readonly string[], found: readonly FoundFiles[]): void {
  if (classes.length === 0) {
    throw fault(
      'NO_CLASSES',
      `"${directory}" has no subfolders: put the pictures of each class into a folder of its own.`,
    )
  }
  const nested = found.every(({ pictures }) => pictures.every((id) => id.split('/').length > 2))
  if (nested && classes.every((name) => SPLIT_NAMES.has(name.toLowerCase()))) {
    throw fault(
      'SPLIT_FOLDER',
      `"${directory}" holds ${classes.join(', ')}, not classes: open one of them, "${join(directory, classes[0]!)}".`,
    )
  }
  const empty = found.findIndex(({ pictures }) => pictures.length === 0)
  if (empty >= 0) {
    const others = found[empty]!.others.length
    const seen = others > 0 ? ` (${others} other files, such as "${found[empty]!.others[0]}")` : ''
    throw fault(
      'EMPTY_CLASS',
      `The class folder "${join(directory, classes[empty]!)}" has no pictures${seen}: add some, or remove it.`,
    )
  }
  if (classes.length === 1) {
    throw fault('ONE_CLASS', `"${directory}" has the one class "${classes[0]}"; it needs at least two to tell apart.`)
  }
}

function fault(code: string, message: string): CnnkitError {
  return new CnnkitError('images', code, message)
}
