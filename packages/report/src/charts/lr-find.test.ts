import sharp from 'sharp'
import { expect, it } from 'vitest'
import { type LrFindCurve, lrFindSvg } from '../index.ts'

const points = Array.from({ length: 60 }, (_, i) => {
  const smoothed = i < 20 ? 1.1 : i < 45 ? 1.1 - (i - 20) * 0.03 : 0.35 + (i - 45) ** 2 * 0.05
  return { rate: 1e-6 * 10 ** (i / 10), loss: smoothed + 0.1 * Math.sin(i), smoothed }
})
const curve: LrFindCurve = { points, suggestion: 3.2e-3, steepest: 1e-2 }

const texts = (svg: string): string[] => [...svg.matchAll(/<text[^>]*>([^<]+)</g)].map((match) => match[1]!)

it('labels its axes, marks the rates, and says in words what is drawn', async () => {
  const svg = await lrFindSvg(curve)
  expect(texts(svg)).toEqual(
    expect.arrayContaining(['suggestion 0.0032', 'steepest 0.01', '↑ loss (nats)', 'learning rate, log scale →']),
  )
  expect(svg).toContain('aria-label="Loss over the learning rate in 60 steps from 0.000001 to 0.79')
  expect(svg).toContain('Suggested: 0.0032. Steepest fall at 0.01.')
})

it.each(['light', 'dark', 'auto'] as const)('is drawn in the theme %s', async (theme) => {
  const svg = await lrFindSvg(curve, { theme })
  expect(svg.includes('var(')).toBe(theme === 'auto')
  const { info } = await sharp(Buffer.from(await lrFindSvg(curve, { theme: 'light' })))
    .raw()
    .toBuffer({ resolveWithObject: true })
  expect([info.width, info.height]).toEqual([560, 316])
})

it('draws the line within the frame, however far the loss goes', async () => {
  const wild = [...points, { rate: 10, loss: 1e9, smoothed: 1e9 }]
  const svg = await lrFindSvg({ points: wild }, { width: 400 })
  const [, path] = /<path[^>]* d="([^"]+)"/.exec(svg.slice(svg.indexOf('aria-label')))!
  const heights = [...path!.matchAll(/,(-?[\d.]+)/g)].map((match) => Number(match[1]))
  expect(Math.min(...heights)).toBeGreaterThanOrEqual(0)
  expect(svg).not.toContain('suggestion')
})

it('draws an empty frame where nothing is finite', async () => {
  const broken = { rate: 1, loss: Number.NaN, smoothed: Number.NaN }
  for (const given of [[], [broken]]) {
    expect(await lrFindSvg({ points: given })).toContain('no point with a finite loss')
  }
  expect(await lrFindSvg({ points: [points[0]!] })).toContain('in 1 steps')
})
