import { readFile } from 'node:fs/promises'
import '@tensorflow/tfjs-backend-cpu'
import { findChromium } from '@cnnkit/testing/chromium'
import sharp, { type Sharp } from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type * as Images from './index.browser.ts'
import * as node from './index.ts'
import { openPage, type TestPage } from './testing/browser.ts'
import { bytesOf, largestDifference } from './testing/golden.ts'
import { FLOWERS, noise, sha256 } from './testing/pictures.ts'

declare const images: typeof Images

const executable = findChromium()
const title = executable ? 'in a browser' : 'in a browser (skipped: there is no Chromium on this machine)'
if (!executable) console.log(`@cnnkit/images ${title}`)

/** A picture as it crosses from the page. */
interface Sent {
  readonly width: number
  readonly height: number
  readonly base64: string
}

describe.skipIf(!executable)(title, () => {
  let test: TestPage
  beforeAll(async () => {
    test = await openPage(executable!)
  })
  afterAll(() => test.close())

  async function readInPage(file: Uint8Array, profile: 'apply' | 'ignore' = 'apply'): Promise<node.Picture> {
    test.files.set('/picture', file)
    const sent = await test.page.evaluate(async (profile): Promise<Sent> => {
      const { width, height, data } = await images.readImage('/picture', { profile })
      return { width, height, base64: btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join('')) }
    }, profile)
    return { width: sent.width, height: sent.height, data: bytesOf(sent.base64), channels: 3 }
  }

  const difference = async (file: Uint8Array, profile: 'apply' | 'ignore' = 'apply'): Promise<number> => {
    const [there, here] = await Promise.all([readInPage(file, profile), node.readImage(file, { profile })])
    expect([there.width, there.height]).toEqual([here.width, here.height])
    return largestDifference(there.data, here.data)
  }

  it('decodes photographs to the pixels of Node', async () => {
    const flowers = await node.imageFolder(FLOWERS)
    const levels: number[] = []
    for (let index = 0; index < flowers.size; index += 20) {
      levels.push(await difference(await readFile(FLOWERS + flowers.id(index))))
    }
    console.log(
      `decoders of Node and Chromium, largest difference on ${levels.length} JPEGs: ${levels.join(' ')} levels`,
    )
    expect(Math.max(...levels)).toBeLessThanOrEqual(2)
  })

  it('turns pictures upright as Node does', async () => {
    for (const orientation of [1, 3, 6, 8]) {
      const file = await jpeg(noise(24, 16)).withMetadata({ orientation }).toBuffer()
      expect(await difference(file), `orientation ${orientation}`).toBeLessThanOrEqual(2)
    }
  })

  it('treats profiles, alpha, grey and other formats as Node does', async () => {
    const picture = await node.readImage(`${FLOWERS}daisy/100080576_f52e8ee070_n.jpg`)
    const source = (of: node.Picture) => sharp(of.data, { raw: of })
    const files = {
      'PNG, Display P3': await source(picture).withIccProfile('p3').png().toBuffer(),
      'JPEG, Display P3': await source(picture).withIccProfile('p3').jpeg().toBuffer(),
      'PNG with alpha': await node.encodeImage(noise(40, 30, 4), 'png'),
      'grey PNG': await node.encodeImage(noise(40, 30, 1), 'png'),
      'grey JPEG with a profile for colours': withProfile(
        await source(picture).toColourspace('b-w').jpeg().toBuffer(),
        darker((await sharp(await source(picture).withIccProfile('p3').jpeg().toBuffer()).metadata()).icc!),
      ),
      'grey JPEG': await source(picture).toColourspace('b-w').jpeg().toBuffer(),
      'CMYK JPEG': await source(picture).toColourspace('cmyk').jpeg().toBuffer(),
      'progressive JPEG': await source(picture).jpeg({ progressive: true }).toBuffer(),
      WebP: await source(picture).webp().toBuffer(),
      'lossless WebP': await source(picture).webp({ lossless: true }).toBuffer(),
      AVIF: await source(picture).avif().toBuffer(),
      GIF: await source(picture).gif().toBuffer(),
    }
    const levels: Record<string, number> = {}
    for (const [name, file] of Object.entries(files)) levels[name] = await difference(file)
    for (const name of ['PNG, Display P3', 'JPEG, Display P3'] as const) {
      levels[`${name}, ignored`] = await difference(files[name], 'ignore')
    }
    console.log(`decoders of Node and Chromium, largest difference in levels: ${JSON.stringify(levels)}`)
    expect(Object.entries(levels).filter(([, level]) => level > 2)).toEqual([])
  })

  it('says what cannot be read, in the words of Node', async () => {
    const photo = await readFile(`${FLOWERS}daisy/100080576_f52e8ee070_n.jpg`)
    const png = await node.encodeImage(noise(64, 64), 'png')
    const errorOf = async (file: Uint8Array): Promise<string> => {
      test.files.set('/bad', file)
      return test.page.evaluate(() =>
        images.readImage('/bad').then(
          ({ width, height }) => `read: ${width} x ${height}`,
          (error) => `${error.code}: ${error.message}`,
        ),
      )
    }
    expect(await errorOf(photo.subarray(0, photo.length / 2))).toMatch(/NOT_AN_IMAGE: .*damaged or unfinished JPEG/)
    expect(await errorOf(png.subarray(0, png.length / 2))).toMatch(/NOT_AN_IMAGE: .*damaged or unfinished PNG/)
    expect(await errorOf(photo.subarray(0, 300))).toContain('NOT_AN_IMAGE')
    expect(await errorOf(Buffer.from('text'))).toContain(
      'is not a picture: JPEG, PNG, WebP, GIF, AVIF and BMP can be read',
    )
    expect(await errorOf(Buffer.concat([photo, Buffer.from('appended by a camera')]))).toContain('read: ')
    test.files.delete('/bad')
    expect(await test.page.evaluate(() => images.readImage('/bad').catch((error) => error.code))).toBe('NOT_FOUND')
  })

  it('gives the same numbers from the same pixels: resize, augmentation, preprocessing', async () => {
    const chain = async (api: typeof Images, { data, ...size }: { data: number[]; width: number; height: number }) => {
      const picture = { ...size, data: Uint8Array.from(data), channels: 3 } as const
      const augment = api.compose([
        api.randomResizedCrop({ size: [40, 56], filter: 'bicubic' }),
        api.flip(),
        api.colorJitter({ brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1 }),
        api.pcaLighting(),
        api.cutout({ fraction: 0.3 }),
      ])
      const results: number[][] = []
      for (let seed = 0; seed < 20; seed++) results.push([...augment(picture, api.random(seed)).data])
      for (const filter of ['nearest', 'bilinear', 'bicubic', 'box', 'lanczos'] as const) {
        results.push([...api.resize(picture, { width: 61, height: 33, filter }).data])
      }
      for (const alpha of [0.2, 1]) {
        const { partners, share } = api.mixup({ alpha })(8, api.random(3))
        results.push([share, ...partners])
      }
      const tensor = api.preprocess(picture, {
        size: [32, 32],
        resize: 'short-side',
        cropFraction: 0.875,
        filter: 'bilinear',
        ...api.torch,
      })
      results.push([...(await tensor.data())])
      tensor.dispose()
      return results
    }
    const { data, ...size } = noise(90, 70)
    const input = { data: [...data], ...size }
    const here = await chain(node, input)
    const there = await test.page.evaluate(([source, input]) => new Function(`return (${source})`)()(images, input), [
      chain.toString(),
      input,
    ] as const)
    expect(there).toEqual(here)
  })

  it('takes what a page draws with, and reads no more than is there', async () => {
    const { data } = noise(20, 10)
    const file = await node.encodeImage({ data, width: 20, height: 10, channels: 3 }, 'png')
    test.files.set('/drawn', file)
    const results = await test.page.evaluate(async () => {
      const preprocessing = {
        size: [10, 20],
        resize: 'stretch',
        cropFraction: 1,
        filter: 'nearest',
        ...images.raw,
      } as const
      const img = Object.assign(new Image(), { src: '/drawn' })
      const unloaded = (() => {
        try {
          images.preprocess(new Image(), preprocessing)
          return ''
        } catch (error) {
          return (error as Error).message
        }
      })()
      await img.decode()
      const bitmap = await createImageBitmap(img)
      const canvas = Object.assign(document.createElement('canvas'), { width: 20, height: 10 })
      canvas.getContext('2d')!.drawImage(img, 0, 0)
      const offscreen = new OffscreenCanvas(20, 10)
      offscreen.getContext('2d')!.drawImage(img, 0, 0)
      const imageData = offscreen.getContext('2d')!.getImageData(0, 0, 20, 10)
      const sources = [img, bitmap, canvas, offscreen, imageData]
      return { unloaded, values: sources.map((source) => [...images.preprocess(source, preprocessing).dataSync()]) }
    })
    expect(results.values).toHaveLength(5)
    for (const values of results.values) expect(values).toEqual([...data])
    expect(results.unloaded).toContain('no pixels yet')
  })

  it('writes files that Node reads', async () => {
    const picture = noise(20, 10)
    const [png, jpegFile] = await test.page.evaluate(
      async (data) => {
        const picture = { data: Uint8Array.from(data), width: 20, height: 10, channels: 3 } as const
        return [[...(await images.encodeImage(picture, 'png'))], [...(await images.encodeImage(picture, 'jpeg'))]]
      },
      [...picture.data],
    )
    expect(sha256((await node.readImage(Uint8Array.from(png!))).data)).toBe(sha256(picture.data))
    expect(await node.readImage(Uint8Array.from(jpegFile!))).toMatchObject({ width: 20, height: 10 })
  })
})

it('exports in the browser what it exports in Node, less the folders', async () => {
  const { imageFolder: _, ...rest } = node
  expect(Object.keys(await import('./index.browser.ts')).sort()).toEqual(Object.keys(rest).sort())
})

function jpeg({ data, width, height, channels }: node.Picture): Sharp {
  return sharp(data, { raw: { width, height, channels } }).jpeg({ quality: 95 })
}

/** A JPEG with a profile put in, which may not suit it. */
function withProfile(file: Uint8Array, profile: Uint8Array): Uint8Array {
  const head = Buffer.concat([Buffer.from([0xff, 0xe2, 0, 0]), Buffer.from('ICC_PROFILE\0\x01\x01', 'latin1')])
  head.writeUInt16BE(profile.length + 16, 2)
  return Buffer.concat([file.subarray(0, 2), head, profile, file.subarray(2)])
}

/** A profile with a gamma of 3 in place of its own, so that applying it shows in greys. */
function darker(profile: Uint8Array): Uint8Array {
  const changed = Buffer.from(profile)
  let curves = 0
  for (let at = changed.indexOf('para', 132); at >= 0; at = changed.indexOf('para', at + 4)) {
    changed.writeInt32BE(3 * 65536, at + 12)
    curves++
  }
  expect(curves).toBeGreaterThan(0)
  return changed
}
