import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { encodeImage } from '../encode/encode.node.ts'
import { FLOWERS, noise } from '../testing/pictures.ts'
import { withoutBadFiles } from './bad-files.ts'
import { imageFolder } from './folder.node.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'cnnkit-folder-'))
})
afterEach(() => rm(root, { recursive: true }))

async function put(...names: string[]): Promise<void> {
  for (const name of names) {
    await mkdir(join(root, name, '..'), { recursive: true })
    const isPicture = /\.(?:png|JPG)$/.test(name) && !name.includes('bad')
    await writeFile(join(root, name), isPicture ? await encodeImage(noise(8, 6), 'png') : 'text')
  }
}

describe('imageFolder', () => {
  it('reads the flowers', async () => {
    const flowers = await imageFolder(FLOWERS)
    expect(flowers.classes).toEqual(['daisy', 'dandelion', 'roses', 'sunflowers', 'tulips'])
    expect(flowers.size).toBe(200)
    expect(flowers.id(41)).toMatch(/^dandelion\/.+\.jpg$/)
    expect(flowers.label(199)).toBe(4)
    expect(flowers.ignored).toEqual([])
    expect(Math.min((await flowers.picture(0)).width, (await flowers.picture(0)).height)).toBeLessThanOrEqual(224)
  })

  it('takes classes and pictures in the order of names, at any depth, and leaves out hidden files', async () => {
    await put(
      'b/2.png',
      'b/10.JPG',
      'b/deep/er/1.png',
      'b/.hidden.png',
      'b/notes.txt',
      'a/x.png',
      '.git/a.png',
      'c.png',
    )
    const dataset = await imageFolder(root)
    expect(dataset.classes).toEqual(['a', 'b'])
    const ids = Array.from({ length: dataset.size }, (_, i) => dataset.id(i))
    expect(ids).toEqual(['a/x.png', 'b/10.JPG', 'b/2.png', 'b/deep/er/1.png'])
    expect(ids.map((_, i) => dataset.label(i))).toEqual([0, 1, 1, 1])
    expect(dataset.ignored).toEqual(['b/notes.txt'])
    expect(dataset.directory).toBe(root)
  })

  it('follows links, but not in a circle', async () => {
    await put('a/x.png', 'b/y.png', 'elsewhere/z.png')
    await symlink(join(root, 'elsewhere'), join(root, 'a', 'linked'))
    await symlink(join(root, 'a'), join(root, 'a', 'self'))
    await symlink(join(root, 'nowhere'), join(root, 'dangling'))
    const dataset = await imageFolder(root)
    expect(Array.from({ length: dataset.size }, (_, i) => dataset.id(i))).toEqual([
      'a/x.png',
      'a/linked/z.png',
      'b/y.png',
      'elsewhere/z.png',
    ])
  })

  it('names a bad file when it is read, and works on', async () => {
    await put('a/bad.png', 'a/good.png', 'b/good.png')
    const dataset = await imageFolder(root)
    await expect(dataset.picture(0)).rejects.toMatchObject({ code: 'NOT_AN_IMAGE' })
    await expect(dataset.picture(0)).rejects.toThrow('bad.png" is not a picture')
    expect((await dataset.picture(1)).width).toBe(8)
  })

  it('leaves bad files out and reports them, where asked', async () => {
    await put('a/bad.png', 'a/good.png', 'b/good.png', 'b/worse-bad.png')
    const failures: string[] = []
    const dataset = await imageFolder(root, { onBadFile: ({ id }) => failures.push(id) })
    expect(failures).toEqual(['a/bad.png', 'b/worse-bad.png'])
    expect([dataset.size, dataset.id(1), dataset.label(1), dataset.directory]).toEqual([2, 'b/good.png', 1, root])
  })

  it('scales large pictures down as it reads, where asked', async () => {
    await put('a/x.png', 'b/y.png')
    const dataset = await imageFolder(root, { shortSide: 3 })
    expect(await dataset.picture(0)).toMatchObject({ width: 4, height: 3 })
    expect(await (await imageFolder(root, { shortSide: 300 })).picture(0)).toMatchObject({ width: 8, height: 6 })
  })

  it('keeps decoded pictures as long as they fit', async () => {
    await put('a/x.png', 'b/y.png')
    const dataset = await imageFolder(root, { cacheBytes: 8 * 6 * 3 })
    const [first, second] = [await dataset.picture(0), await dataset.picture(1)]
    expect(await dataset.picture(0)).toBe(first)
    expect(await dataset.picture(1)).not.toBe(second)
    expect(await dataset.picture(1)).toEqual(second)
  })
})

describe('what is not a folder of classes', () => {
  const refused = (directory = root) => expect(imageFolder(directory)).rejects

  it('is refused with what to do', async () => {
    await refused(join(root, 'none')).toMatchObject({ code: 'NOT_FOUND' })
    await put('lone.png')
    await refused(join(root, 'lone.png')).toThrow('is a file, not a folder')
    await refused().toMatchObject({ code: 'NO_CLASSES' })
    await put('a/x.png')
    await refused().toThrow('has the one class "a"; it needs at least two')
    await put('b/notes.txt', 'b/scan.bmp')
    await refused().toThrow('has no pictures (2 other files, such as "b/notes.txt")')
    await refused().toMatchObject({ code: 'EMPTY_CLASS' })
  })

  it('is told from a folder of splits', async () => {
    await put('train/ants/x.png', 'train/bees/x.png', 'val/ants/x.png')
    await refused().toMatchObject({ code: 'SPLIT_FOLDER' })
    await refused().toThrow('holds train, val, not classes: open one of them')
    expect((await imageFolder(join(root, 'train'))).classes).toEqual(['ants', 'bees'])
  })
})

describe('withoutBadFiles', () => {
  it('names the broken one among 200', async () => {
    await cp(FLOWERS, root, { recursive: true })
    await writeFile(join(root, 'roses', 'broken.jpg'), 'no')
    let last = 0
    const found = await withoutBadFiles(await imageFolder(root), { onProgress: ({ done }) => (last = done) })
    expect(last).toBe(201)
    expect(found.failures).toEqual([{ id: 'roses/broken.jpg', reason: expect.stringContaining('is not a picture') }])
    expect(found.dataset.size).toBe(200)
  })

  it('refuses to leave a class without pictures, and stops when told', async () => {
    await put('a/bad.png', 'b/y.png')
    const dataset = await imageFolder(root)
    await expect(withoutBadFiles(dataset)).rejects.toThrow('No picture of the class "a" can be read, of 1')
    await expect(withoutBadFiles(dataset, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' })
  })
})
