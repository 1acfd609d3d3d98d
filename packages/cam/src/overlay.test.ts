import '@tensorflow/tfjs-backend-cpu'
import { type Picture, readImage } from '@cnnkit/images'
import { describe, expect, it } from 'vitest'
import { type ActivationMap, overlay, overlaySvg, sheetSvg } from './index.ts'

const map: ActivationMap = {
  values: Float32Array.from([0, 1]),
  height: 1,
  width: 2,
  method: 'grad-cam',
  layer: 'stage1',
  target: 0,
  empty: false,
  box: [20, 0, 60, 40],
}

const grey: Picture = { data: new Uint8Array(80 * 40 * 3).fill(100), width: 80, height: 40, channels: 3 }

const pixel = ({ data, width, channels }: Picture, x: number, y: number): number[] => [
  ...data.subarray((y * width + x) * channels, (y * width + x + 1) * channels),
]

/** The pictures that are in a drawing, by their order. */
const embedded = (svg: string): Promise<Picture>[] =>
  [...svg.matchAll(/href="(data:[^"]+)"/g)].map(([, url]) => readImage(url!))

describe('overlay', () => {
  it('draws boxes in white with a dark edge, and leaves what is outside of the picture out', () => {
    const shown = overlay(grey, map, {
      opacity: 0,
      boxes: [
        [30, 10, 50, 30],
        [70, -10, 100, 90],
      ],
    })
    expect(pixel(shown, 30, 20)).toEqual([255, 255, 255])
    expect(pixel(shown, 49, 20)).toEqual([255, 255, 255])
    expect(pixel(shown, 40, 10)).toEqual([255, 255, 255])
    expect(pixel(shown, 29, 20)).toEqual([28, 28, 28])
    expect(pixel(shown, 40, 20)).toEqual([100, 100, 100])
    expect(pixel(shown, 70, 20)).toEqual([255, 255, 255])
    expect(shown.data).toHaveLength(grey.data.length)
  })
})

describe('a box that reaches to the border', () => {
  const whole = [[20, 0, 60, 40]] as const
  const dark = [28, 28, 28]

  it('is drawn inside of it, as the page around may be as white as its line', () => {
    const shown = overlay(grey, map, { opacity: 0, boxes: whole })
    expect([pixel(shown, 40, 0), pixel(shown, 40, 1), pixel(shown, 40, 39)]).toEqual([dark, [255, 255, 255], dark])
  })

  it('so too in a drawing', async () => {
    expect(await overlaySvg(grey, map, { boxes: whole })).toContain('<rect x="21" y="2" width="38" height="36"/>')
  })

  it('and in a sheet, of which each cell is what the network saw', async () => {
    const svg = await sheetSvg(grey, [{ map, boxes: whole }], { cellWidth: 100, opacity: 0 })
    const cell = await embedded(svg)[1]!
    for (const [x, y] of [
      [0, 100],
      [199, 100],
      [100, 0],
      [100, 199],
    ] as const) {
      expect(pixel(cell, x, y)[0]).toBeLessThan(70)
    }
    expect(pixel(cell, 1, 100)[0]).toBeGreaterThan(200)
  })
})

describe('overlaySvg', () => {
  it('holds the picture, the map where the network looked, and the boxes', async () => {
    const svg = await overlaySvg(grey, map, { colorMap: 'viridis', boxes: [[30, 10, 50, 30]] })
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="80" height="40" viewBox="0 0 80 40"/)
    expect(svg).toContain('class="map" x="20" y="0" width="40" height="40" preserveAspectRatio="none" opacity="0.5"')
    expect(svg).toContain('<title>grad-cam, stage1</title>')
    expect(svg.match(/<rect x="31" y="11" width="18" height="18"\/>/g)).toHaveLength(2)
    const [picture, heat] = await Promise.all(embedded(svg))
    expect([picture!.width, picture!.height]).toEqual([80, 40])
    expect([heat!.width, heat!.height]).toEqual([40, 40])
    expect(pixel(heat!, 0, 0)).toEqual([0x44, 0x01, 0x54])
    expect(pixel(heat!, 39, 39)).toEqual([0xfd, 0xe7, 0x25])
  })

  it('writes names as text, whatever they hold', async () => {
    const svg = await overlaySvg(grey, map, { title: '</title><script>"&\u202e\u0000' })
    expect(svg).toContain('<title>&lt;/title&gt;&lt;script&gt;&quot;&amp;\uFFFD\uFFFD</title>')
  })
})

describe('sheetSvg', () => {
  it('shows the part that the network saw, then each map with its caption', async () => {
    const cells = [
      { map, lines: ['stage1, 2 × 1'] },
      { map: { ...map, method: 'random', empty: true }, title: 'a <baseline>' },
    ]
    const svg = await sheetSvg(grey, cells, { title: 'What it saw', subtitle: 'toy', columns: 2, cellWidth: 100 })
    const pictures = await Promise.all(embedded(svg))
    expect(pictures.map(({ width, height }) => [width, height])).toEqual(Array(3).fill([200, 200]))
    for (const text of [
      '>What it saw<',
      '>what the network saw<',
      '>grad-cam<',
      '>stage1, 2 × 1<',
      '>a &lt;baseline&gt;<',
    ]) {
      expect(svg).toContain(text)
    }
    expect(svg).toContain('>empty: nothing speaks for the class<')
    expect(svg.match(/translate\((\d+) (\d+)\)/g)).toEqual([
      'translate(20 76)',
      'translate(140 76)',
      expect.stringMatching(/translate\(20 2\d\d\)/),
    ])
  })

  it('is a sheet of one picture where there are no maps', async () => {
    expect(embedded(await sheetSvg(grey, []))).toHaveLength(1)
  })
})
