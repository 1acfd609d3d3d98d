import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkpointFile } from './checkpoint-file.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cnnkit-checkpoint-'))
})
afterEach(() => rm(folder, { recursive: true }))

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values)

describe('checkpointFile', () => {
  it('is empty at first, then holds what was saved last, in a folder that it makes', async () => {
    const store = checkpointFile(join(folder, 'deep', 'checkpoint'))
    expect(await store.load()).toBeUndefined()
    await store.save(bytes(1, 2, 3))
    await store.save(bytes(4))
    expect([...(await store.load())!]).toEqual([4])
    expect(await readdir(join(folder, 'deep'))).toEqual(['checkpoint'])
    await store.remove()
    expect(await store.load()).toBeUndefined()
  })

  it('passes over what a killed process left unfinished, and removes it in the end', async () => {
    const store = checkpointFile(join(folder, 'checkpoint'))
    await store.save(bytes(1))
    await writeFile(join(folder, 'checkpoint.unfinished'), 'half of it')
    expect([...(await store.load())!]).toEqual([1])
    await store.remove()
    expect(await readdir(folder)).toEqual([])
  })

  // Writing to /dev/full gives the error of a full disk.
  it.skipIf(process.platform !== 'linux')('keeps the last checkpoint where the disk is full (Linux)', async () => {
    const store = checkpointFile(join(folder, 'checkpoint'))
    await store.save(bytes(1, 2, 3))
    await symlink('/dev/full', join(folder, 'checkpoint.unfinished'))
    await expect(store.save(bytes(4))).rejects.toMatchObject({
      code: 'WRITE_FAILED',
      message: expect.stringContaining('the disk is full: make room. What was kept before is still there'),
    })
    expect([...(await store.load())!]).toEqual([1, 2, 3])
    expect(await readdir(folder)).toEqual(['checkpoint'])
  })

  it('says where it may not write', async () => {
    await writeFile(join(folder, 'file'), '')
    await expect(checkpointFile(join(folder, 'file', 'checkpoint')).save(bytes(1))).rejects.toMatchObject({
      code: 'WRITE_FAILED',
      message: expect.stringContaining('could not be written'),
    })
  })
})
