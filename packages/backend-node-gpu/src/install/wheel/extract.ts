import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { CnnkitError } from '@cnnkit/errors'
import { openPromise, type ZipFile } from 'yauzl'
import { failure, messageOf } from '../../error.ts'
import { assertSpace, explained } from '../disk.ts'
import type { Progress } from '../progress.ts'

/** Where in the target folder a file of the wheel goes, by its path in the wheel; nothing where it stays there. */
export type Selection = (file: string) => string | undefined

/**
 * Unpacks of a wheel what is selected, and nothing else.
 *
 * @returns how many bytes it wrote
 * @throws `BROKEN_WHEEL`, `DISK_FULL`, `NO_PERMISSION`
 */
export async function extract(wheel: string, folder: string, selected: Selection, progress: Progress): Promise<number> {
  try {
    const total = await selectedSize(wheel, selected)
    await assertSpace(folder, total, `what ${path.basename(wheel)} holds`)
    await unpack(wheel, folder, selected, (done) => progress.done(done, total, 'unpacked'))
    return total
  } catch (error) {
    const known = explained(error, folder)
    if (known instanceof CnnkitError) throw known
    throw failure('BROKEN_WHEEL', `${path.basename(wheel)} cannot be unpacked: ${messageOf(error)}.`, error)
  }
}

async function selectedSize(wheel: string, selected: Selection): Promise<number> {
  let total = 0
  await withZip(wheel, async (zip) => {
    for await (const { fileName, uncompressedSize } of zip.eachEntry()) {
      if (selected(fileName) !== undefined) total += uncompressedSize
    }
  })
  return total
}

async function unpack(
  wheel: string,
  folder: string,
  selected: Selection,
  told: (bytes: number) => void,
): Promise<void> {
  let done = 0
  await withZip(wheel, async (zip) => {
    for await (const entry of zip.eachEntry()) {
      const target = selected(entry.fileName)
      if (target === undefined) continue
      const file = path.join(folder, target)
      await mkdir(path.dirname(file), { recursive: true })
      const content = await zip.openReadStreamPromise(entry)
      content.on('data', (chunk: Buffer) => {
        done += chunk.length
        told(done)
      })
      await pipeline(content, createWriteStream(file))
    }
  })
}

async function withZip(wheel: string, use: (zip: ZipFile) => Promise<void>): Promise<void> {
  const zip = await openPromise(wheel, { autoClose: false })
  try {
    await use(zip)
  } finally {
    zip.close()
  }
}
