import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fixedBoxes } from './fixed-boxes.ts'
import { RACCOON, readRaccoons } from './raccoons.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'raccoons-'))
  await mkdir(join(folder, 'raccoon-voc/annotations'), { recursive: true })
  await mkdir(join(folder, 'imagenet-sample-100'))
  const box = '<bndbox><xmin>11</xmin><ymin>21</ymin><xmax>30</xmax><ymax>40</ymax></bndbox>'
  const xml = `<annotation><filename>a.jpg</filename><object>${box}</object><object>${box}</object></annotation>`
  await writeFile(join(folder, 'raccoon-voc/annotations/a.xml'), xml)
  for (let i = 0; i < 100; i++) {
    await writeFile(join(folder, 'imagenet-sample-100', `n${String(i).padStart(8, '0')}.JPEG`), '')
  }
})
afterAll(() => rm(folder, { recursive: true }))

describe('readRaccoons', () => {
  it('takes the boxes of VOC, which count pixels from 1, and the animals alone as what is no raccoon', async () => {
    const { dataset, boxes } = await readRaccoons(folder)
    expect(dataset.size).toBe(41)
    expect(dataset.id(40)).toBe('a.jpg')
    expect(dataset.label(40)).toBe(RACCOON)
    expect(boxes('a.jpg')).toEqual([
      [10, 20, 30, 40],
      [10, 20, 30, 40],
    ])
  })

  it('says which annotation is none', async () => {
    const file = join(folder, 'raccoon-voc/annotations/b.xml')
    await writeFile(file, '<annotation/>')
    await expect(readRaccoons(folder)).rejects.toThrow('No annotation of Pascal VOC: <annotation/>')
    await rm(file)
  })
})

describe('fixedBoxes', () => {
  it('puts a box of the training boxes’ mean size in the middle', () => {
    const image = { data: new Uint8Array(300), width: 10, height: 10, channels: 3 as const }
    const training = [{ image, target: RACCOON, boxes: [[0, 0, 5, 5] as const] }]
    const fitting = { image, target: RACCOON, boxes: [[2.5, 2.5, 7.5, 7.5] as const] }
    const beside = { image, target: RACCOON, boxes: [[0, 0, 2, 2] as const] }
    const [centred, whole] = fixedBoxes([fitting, beside], training)
    expect(centred).toMatchObject({ method: 'centred box', localized: 0.5, iou: 0.5, pointing: 0.5 })
    expect(whole).toMatchObject({ method: 'whole picture', localized: 0, pointing: 0.5 })
    expect(whole!.iou).toBeCloseTo((0.25 + 0.04) / 2)
  })
})
