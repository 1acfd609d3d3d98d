// How far the decoders of Node (sharp) and Chromium are apart, on every sample picture there is.
import '@tensorflow/tfjs-backend-cpu'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findChromium } from '@cnnkit/testing/chromium'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type * as Images from './index.browser.ts'
import * as node from './index.ts'
import { openPage, type TestPage } from './testing/browser.ts'
import { bytesOf, largestDifference } from './testing/golden.ts'
import { FLOWERS, sha256 } from './testing/pictures.ts'

declare const images: typeof Images

const executable = findChromium()
const shared = (folder: string): string =>
  fileURLToPath(new URL(`../../../../shared/data/images/${folder}`, import.meta.url))

describe.skipIf(!executable)('the decoders of Node and Chromium (skipped where there is no Chromium)', () => {
  let test: TestPage
  beforeAll(async () => {
    test = await openPage(executable!)
  })
  afterAll(() => test.close())

  /** The largest difference in levels, 0 to 255. Pixels cross from the page only where their hash differs. */
  async function levels(file: Uint8Array): Promise<number> {
    const here = await node.readImage(file)
    test.files.set('/picture', file)
    const there = await test.page.evaluate(async (expected) => {
      const { data, width, height } = await images.readImage('/picture')
      const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(data)))
      const hex = Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('')
      const base64 = hex === expected ? '' : btoa(Array.from(data, (byte) => String.fromCharCode(byte)).join(''))
      return { width, height, base64 }
    }, sha256(here.data))
    expect([there.width, there.height]).toEqual([here.width, here.height])
    return there.base64 === '' ? 0 : largestDifference(bytesOf(there.base64), here.data)
  }

  it.each([
    ['the flowers that come along', FLOWERS],
    ['a hundred of ImageNet', shared('imagenet-sample-100')],
    ['ants and bees', shared('hymenoptera')],
    ['raccoons', shared('raccoon-voc')],
  ])('are apart by one level at most: %s (skipped where they are missing)', async (name, folder) => {
    if (!existsSync(folder)) return
    const files = (await readdir(folder, { recursive: true })).filter((path) => /\.(?:jpe?g|png)$/i.test(path))
    const found: number[] = []
    for (const path of files) found.push(await levels(await readFile(join(folder, path))))
    const counts = [0, 1].map((level) => found.filter((each) => each === level).length)
    process.stderr.write(`${name}: ${files.length} files, ${counts.join(', ')} of them apart by 0 and 1 levels\n`)
    expect(Math.max(...found)).toBeLessThanOrEqual(1)
  })

  it('treat every EXIF orientation and an embedded profile alike', async () => {
    const photo = await readFile(join(FLOWERS, 'daisy/100080576_f52e8ee070_n.jpg'))
    const found: Record<string, number> = {}
    for (let orientation = 1; orientation <= 8; orientation++) {
      found[`orientation ${orientation}`] = await levels(await sharp(photo).withMetadata({ orientation }).toBuffer())
    }
    found['Display P3'] = await levels(await sharp(photo).withIccProfile('p3').toBuffer())
    found['Display P3, orientation 6'] = await levels(
      await sharp(photo).withIccProfile('p3').withMetadata({ orientation: 6, icc: 'p3' }).toBuffer(),
    )
    process.stderr.write(`${JSON.stringify(found)}\n`)
    expect(Math.max(...Object.values(found))).toBeLessThanOrEqual(1)
  })
})
