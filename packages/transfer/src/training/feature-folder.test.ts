import { mkdir, mkdtemp, open, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { featureFolder } from './feature-folder.ts'

/** What the file system refuses, and how many writes it lets pass before. */
const refusal: { code: string | undefined; after: number } = { code: undefined, after: 0 }

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>()
  const failed = (): Error | undefined => {
    if (refusal.code === undefined || refusal.after-- > 0) return undefined
    return Object.assign(new Error(`${refusal.code}: refused`), { code: refusal.code })
  }
  return {
    ...real,
    open: async (...args: Parameters<typeof real.open>) => {
      const file = await real.open(...args)
      const { write, writeFile } = file
      file.write = (async (...values: Parameters<typeof write>) => {
        const error = failed()
        if (error) throw error
        return write.apply(file, values)
      }) as typeof write
      file.writeFile = async (...values) => {
        const error = failed()
        if (error) throw error
        return writeFile.apply(file, values)
      }
      return file
    },
  }
})

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cnnkit-features-'))
})
afterEach(async () => {
  refusal.code = undefined
  await rm(folder, { recursive: true })
})

const KEY = 'ab'.repeat(32)
const shape = { rows: 6, width: 3 }
const row = (i: number): number[] => [i, i + 0.5, -i]
const rows = (...indices: number[]): Float32Array => Float32Array.from(indices.flatMap(row))

describe('featureFolder', () => {
  it('gives back the rows in any order', async () => {
    const file = await featureFolder(folder).open(KEY, shape)
    expect(file.done).toBe(0)
    await file.append(rows(0, 1, 2, 3))
    await file.append(rows(4, 5))
    expect(await file.read([5, 0, 1, 2, 4, 4])).toEqual(rows(5, 0, 1, 2, 4, 4))
    await file.close()
    const again = await featureFolder(folder).open(KEY, shape)
    expect(again.done).toBe(6)
    expect(await again.read([3, 1])).toEqual(rows(3, 1))
    await again.close()
  })

  it('counts the rows that the index says, whatever else was begun', async () => {
    const file = await featureFolder(folder).open(KEY, shape)
    await file.append(rows(0, 1))
    await file.flush()
    await file.append(rows(2))
    await file.close() // as a kill: written, but not said to be
    const again = await featureFolder(folder).open(KEY, shape)
    expect(again.done).toBe(2)
    await again.append(rows(2, 3))
    expect(await again.read([0, 1, 2, 3])).toEqual(rows(0, 1, 2, 3))
    await again.close()
  })

  it.each([
    ['other rows', { rows: 7, width: 3 }, KEY],
    ['another width', { rows: 6, width: 2 }, KEY],
    ['another key that begins alike', shape, `${KEY.slice(0, 60)}0000`],
  ])('starts afresh for %s', async (_, other, key) => {
    const file = await featureFolder(folder).open(KEY, shape)
    await file.append(rows(0, 1, 2, 3, 4, 5))
    await file.close()
    const fresh = await featureFolder(folder).open(key, other)
    expect(fresh.done).toBe(0)
    await fresh.close()
  })

  it('starts afresh where the index is damaged or the rows are not there', async () => {
    const file = await featureFolder(folder).open(KEY, shape)
    await file.append(rows(0, 1, 2, 3, 4, 5))
    await file.close()
    const [data, index] = ['f32', 'json'].map((ending) => join(folder, `${KEY.slice(0, 16)}.${ending}`))
    const good = await readFile(index!)
    for (const bad of [
      '',
      '{',
      'null',
      '{"format":"cnnkit features 1"}',
      good.toString().replace('"done":6', '"done":-1'),
    ]) {
      await writeFile(index!, bad)
      const opened = await featureFolder(folder).open(KEY, shape)
      expect(opened.done, bad).toBe(0)
      await opened.close()
    }
    await writeFile(index!, good)
    await truncate(data!, 40)
    const opened = await featureFolder(folder).open(KEY, shape)
    expect(opened.done).toBe(0)
    await opened.close()
  })

  it('says when the rows have gone since', async () => {
    const file = await featureFolder(folder).open(KEY, shape)
    await file.append(rows(0, 1, 2, 3, 4, 5))
    await truncate(join(folder, `${KEY.slice(0, 16)}.f32`), 40)
    await expect(file.read([5])).rejects.toMatchObject({ code: 'FEATURES_LOST' })
    await file.close()
  })

  it('removes its own files and no others, and none where it was told to keep them', async () => {
    const kept = featureFolder(folder, { keep: true })
    await (await kept.open(KEY, shape)).close()
    await kept.remove()
    expect(await readdir(folder)).toEqual([`${KEY.slice(0, 16)}.f32`])
    await writeFile(join(folder, 'notes.txt'), 'mine')
    const store = featureFolder(folder)
    const file = await store.open(KEY, shape)
    await file.append(rows(0, 1, 2, 3, 4, 5))
    await file.close()
    await store.remove()
    expect(await readdir(folder)).toEqual(['notes.txt'])
    const own = featureFolder(join(folder, 'features'))
    await (await own.open(KEY, shape)).close()
    await own.remove()
    expect(await readdir(folder)).toEqual(['notes.txt'])
  })
})

describe('a folder that cannot be written', () => {
  it.each([
    ['ENOSPC', 'the disk is full: make room'],
    ['EACCES', 'there is no permission to write there'],
    ['EROFS', 'the disk is read-only'],
  ])('is told with what to do (%s), and the rows before it are there', async (code, said) => {
    const file = await featureFolder(folder).open(KEY, shape)
    await file.append(rows(0, 1))
    await file.flush()
    refusal.code = code
    await expect(file.append(rows(2))).rejects.toMatchObject({
      code: 'WRITE_FAILED',
      message: expect.stringContaining(said),
    })
    refusal.code = undefined
    await file.close()
    const again = await featureFolder(folder).open(KEY, shape)
    expect(again.done).toBe(2)
    expect(await again.read([0, 1])).toEqual(rows(0, 1))
    await again.close()
  })

  it('keeps the old index where there is no room for a new one', async () => {
    const file = await featureFolder(folder).open(KEY, shape)
    await file.append(rows(0, 1))
    await file.flush()
    Object.assign(refusal, { code: 'ENOSPC', after: 1 }) // the row passes, the index does not
    await file.append(rows(2))
    await expect(file.flush()).rejects.toMatchObject({ code: 'WRITE_FAILED' })
    refusal.code = undefined
    await file.close()
    expect((await readdir(folder)).sort()).toEqual([`${KEY.slice(0, 16)}.f32`, `${KEY.slice(0, 16)}.json`])
    const again = await featureFolder(folder).open(KEY, shape)
    expect(again.done).toBe(2)
    await again.close()
  })

  it('is told when a part of the path is a file', async () => {
    await writeFile(join(folder, 'file'), '')
    await expect(featureFolder(join(folder, 'file')).open(KEY, shape)).rejects.toMatchObject({ code: 'WRITE_FAILED' })
    await mkdir(join(folder, 'more'))
    expect((await stat(join(folder, 'more'))).isDirectory()).toBe(true)
    await (await open(join(folder, 'more', 'x'), 'w')).close()
  })
})
