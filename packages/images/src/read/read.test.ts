import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeImage } from '../encode/encode.node.ts'
import { type Picture, toRgb } from '../picture.ts'
import { bytesOf, golden, HOW_TO_UPDATE, largestDifference, pictureOf, type StoredPicture } from '../testing/golden.ts'
import { FLOWERS, noise, plain, sha256 } from '../testing/pictures.ts'
import { readImage } from './read.node.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cnnkit-images-'))
})
afterAll(() => rm(folder, { recursive: true }))

const photo = golden<{ file: string; width: number; height: number; sha256: string }>('photo')
const fromRaw = ({ data, width, height, channels }: Picture) => sharp(data, { raw: { width, height, channels } })

describe('readImage', () => {
  it('decodes a JPEG to the pixels that PIL gives, bit for bit', async () => {
    const { data, ...size } = await readImage(FLOWERS + photo.file)
    expect(size).toEqual({ width: photo.width, height: photo.height, channels: 3 })
    expect(sha256(data), HOW_TO_UPDATE).toBe(photo.sha256)
  })

  it('takes paths, URLs and bytes in every form', async () => {
    const path = FLOWERS + photo.file
    const file = new Uint8Array(await readFile(path))
    const server = createServer((_, response) => response.end(file))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const web = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.jpg`
    const data = `data:image/jpeg;base64,${Buffer.from(file).toString('base64')}`
    const exact = file.slice().buffer
    for (const source of [pathToFileURL(path), pathToFileURL(path).href, file, exact, new Blob([file]), web, data]) {
      expect(sha256((await readImage(source)).data)).toBe(photo.sha256)
    }
    server.close()
  })

  it('turns a picture upright by its EXIF orientation', async () => {
    const picture = noise(24, 16)
    const upright = await readImage(await jpegWith(picture, 1))
    const at = ({ data, width, height }: Picture, x: number, y: number): string =>
      data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3).join() + (x < width && y < height)
    const last = [23, 15] as const
    const corners: Record<number, readonly [number, number]> = { 1: [0, 0], 2: [23, 0], 3: last, 4: [0, 15] }
    const turned: Record<number, readonly [number, number]> = { 5: [0, 0], 6: [0, 15], 7: last, 8: [23, 0] }
    for (const [orientation, [x, y]] of Object.entries({ ...corners, ...turned })) {
      const read = await readImage(await jpegWith(picture, Number(orientation)))
      expect([read.width, read.height]).toEqual(Number(orientation) > 4 ? [16, 24] : [24, 16])
      expect(at(read, 0, 0), `orientation ${orientation}`).toBe(at(upright, x, y))
    }
  })

  it('gives three channels for grey, palettes and 16 bits', async () => {
    const grey = noise(9, 7, 1)
    expect((await readImage(await fromRaw(grey).png().toBuffer())).data).toEqual(toRgb(grey).data)
    const two = plain(6, 5, [200, 30, 60])
    const palette = await fromRaw(two).png({ palette: true }).toBuffer()
    expect((await readImage(palette)).data).toEqual(two.data)
    const deep = await fromRaw(two).toColourspace('rgb16').png().toBuffer()
    expect((await readImage(deep)).data).toEqual(two.data)
  })

  it('brings CMYK to RGB as PIL does', async () => {
    const { file, rgb } = golden<{ file: string; rgb: StoredPicture }>('cmyk')
    for (const profile of ['apply', 'ignore'] as const) {
      expect(await readImage(bytesOf(file), { profile }), HOW_TO_UPDATE).toEqual(pictureOf(rgb))
    }
  })

  it('lays alpha over white, also over grey', async () => {
    const rgba = noise(8, 8, 4)
    expect((await readImage(await encodeImage(rgba, 'png'))).data).toEqual(toRgb(rgba).data)
    const clear = await fromRaw(plain(4, 4, [90, 90, 90, 0]))
      .toColourspace('b-w')
      .png()
      .toBuffer()
    expect((await readImage(clear)).data.every((value) => value === 255)).toBe(true)
  })

  it('converts an embedded profile to sRGB, or takes the numbers as PIL does', async () => {
    const picture = plain(16, 16, [200, 80, 40])
    const file = await fromRaw(picture).withIccProfile('p3').png().toBuffer()
    expect((await readImage(file, { profile: 'apply' })).data).toEqual((await readImage(file)).data)
    expect(largestDifference((await readImage(file)).data, picture.data)).toBeLessThanOrEqual(2)
    const ignored = await readImage(file, { profile: 'ignore' })
    expect(largestDifference(ignored.data, picture.data)).toBeGreaterThan(5)
  })

  it('reads WebP, GIF, AVIF and TIFF', async () => {
    const picture = plain(16, 12, [30, 160, 220])
    for (const format of ['webp', 'gif', 'avif', 'tiff'] as const) {
      const read = await readImage(await fromRaw(picture)[format]().toBuffer())
      expect(read).toMatchObject({ width: 16, height: 12, channels: 3 })
      expect(largestDifference(read.data, picture.data), format).toBeLessThanOrEqual(4)
    }
  })
})

describe('what cannot be read', () => {
  const failure = async (name: string, bytes: string | Uint8Array): Promise<Error & { code: string }> => {
    await writeFile(join(folder, name), bytes)
    return readImage(join(folder, name)).then(
      () => Object.assign(new Error('it was read'), { code: '' }),
      (error) => error,
    )
  }

  it('is named, with what can be read', async () => {
    const text = await failure('notes.jpg', 'not a picture')
    expect(text.code).toBe('NOT_AN_IMAGE')
    expect(text.message).toContain(`notes.jpg" is not a picture: JPEG, PNG, WebP, GIF, AVIF and TIFF can be read.`)
    const vector = await failure('a.svg', '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>')
    expect(vector.message).toContain('is SVG, which cannot be read here')
    const phone = await failure('a.heic', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic'))
    expect(phone.message).toContain('is HEIC, which cannot be read here')
    expect((await failure('empty.png', '')).message).toContain('empty.png" is empty')
  })

  it('is told from a damaged picture', async () => {
    const jpeg = await readFile(FLOWERS + photo.file)
    const png = await encodeImage(noise(40, 40), 'png')
    for (const [name, bytes] of [
      ['cut.jpg', jpeg.subarray(0, jpeg.length / 2)],
      ['cut.png', png.subarray(0, png.length / 2)],
      ['head.jpg', jpeg.subarray(0, 300)],
      ['broken.png', png.with(60, png[60]! ^ 255)],
    ] as const) {
      const error = await failure(name, bytes)
      expect(error.code).toBe('NOT_AN_IMAGE')
      expect(error.message).toMatch(new RegExp(`${name}" is a damaged or unfinished (JPEG|PNG) \\(.+\\)`))
    }
  })

  it('is told from one that is not there', async () => {
    await expect(readImage(join(folder, 'none.jpg'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(readImage(folder)).rejects.toThrow('it is a folder')
    const server = createServer((request, response) => {
      response.statusCode = request.url === '/gone' ? 404 : 500
      response.end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    await expect(readImage(`${site}/gone`)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(readImage(`${site}/ill`)).rejects.toThrow('the server says 500')
    await expect(readImage(`${site}/ill`, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' })
    server.close()
    await expect(readImage(`${site}/off`)).rejects.toMatchObject({ code: 'READ_FAILED' })
  })
})

describe('encodeImage', () => {
  it('keeps every pixel in a PNG, and nearly so in a JPEG', async () => {
    for (const channels of [1, 3] as const) {
      const picture = noise(13, 9, channels)
      expect((await readImage(await encodeImage(picture, 'png'))).data).toEqual(toRgb(picture).data)
    }
    const even = plain(16, 16, [10, 200, 90, 255])
    const read = await readImage(await encodeImage(even, 'jpeg', { quality: 95 }))
    expect(largestDifference(read.data, toRgb(even).data)).toBeLessThanOrEqual(3)
  })

  it('writes smaller files at lower quality, and refuses none', async () => {
    const picture = noise(64, 64)
    const [low, high] = await Promise.all([30, 95].map((quality) => encodeImage(picture, 'jpeg', { quality })))
    expect(low!.length).toBeLessThan(high!.length / 2)
    await expect(encodeImage(picture, 'jpeg', { quality: 0 })).rejects.toThrow('from 1 to 100; 0')
  })
})

function jpegWith(picture: Picture, orientation: number): Promise<Buffer> {
  return fromRaw(picture).withMetadata({ orientation }).jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer()
}
