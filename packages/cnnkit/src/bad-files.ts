import { type BadFile, imageFolder, type PictureDataset, withoutBadFiles } from '@cnnkit/images'
import { progressLine } from './terminal/progress.ts'

/** The pictures of a folder that can be read. */
export interface ReadableFolder {
  readonly dataset: PictureDataset
  /** What was left out, in a sentence for the report; none where nothing was. */
  readonly notes: string[]
}

/** Opens a folder of pictures and decodes each once; those that cannot be read are named on the terminal and left out. */
export async function readableFolder(folder: string, signal: AbortSignal): Promise<ReadableFolder> {
  const line = progressLine('Reading pictures')
  try {
    const { dataset, failures } = await withoutBadFiles(await imageFolder(folder), {
      signal,
      onProgress: ({ done, total }) => line.update(done / total, `${done} of ${total}`),
    })
    line.stop()
    failures.forEach(sayLeftOut)
    return { dataset, notes: notesOn(failures) }
  } finally {
    line.stop()
  }
}

/** Names a picture that was left out on the terminal. */
export function sayLeftOut({ reason }: BadFile): void {
  process.stderr.write(`Left out: ${reason}\n`)
}

const SHOWN = 5

/** What was left out, in one sentence; none where nothing was. */
export function notesOn(failures: readonly BadFile[]): string[] {
  if (failures.length === 0) return []
  const names = failures.slice(0, SHOWN).map(({ id }) => id)
  const more = failures.length > SHOWN ? `, and ${failures.length - SHOWN} more` : ''
  const what = failures.length === 1 ? '1 picture that' : `${failures.length} pictures that`
  return [`${what} cannot be read ${failures.length === 1 ? 'was' : 'were'} left out: ${names.join(', ')}${more}.`]
}
