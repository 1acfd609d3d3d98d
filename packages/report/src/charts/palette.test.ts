import {
  type Color,
  differenceCiede2000,
  filterDeficiencyDeuter,
  filterDeficiencyProt,
  filterDeficiencyTrit,
  interpolate,
  parse,
  wcagContrast,
} from 'culori'
import { describe, expect, it } from 'vitest'
import { palette } from './palette.ts'

const sights: [string, (color: Color) => Color | undefined][] = [
  ['normal sight', (color) => color],
  ['protanopia', filterDeficiencyProt(1)],
  ['deuteranopia', filterDeficiencyDeuter(1)],
  ['tritanopia', filterDeficiencyTrit(1)],
]
const difference = differenceCiede2000()

describe.each(['light', 'dark'] as const)('the %s palette', (theme) => {
  const colors = palette[theme]
  const series = [colors.s0, colors.s1, colors.s2, colors.s3, colors.s4, colors.s5]

  it.each(sights)('keeps any two series apart to %s', (_, seen) => {
    const distances = series.flatMap((one, index) =>
      series.slice(index + 1).map((other) => difference(seen(parse(one)!)!, seen(parse(other)!)!)),
    )
    expect(distances).toHaveLength(15)
    expect(Math.min(...distances)).toBeGreaterThan(14)
  })

  it.each(sights)('keeps right and wrong cells apart to %s', (_, seen) => {
    expect(difference(seen(parse(colors.hit)!)!, seen(parse(colors.miss)!)!)).toBeGreaterThan(40)
  })

  it('has the contrast that lines and text need', () => {
    for (const color of series) expect(wcagContrast(color, colors.ground)).toBeGreaterThan(3)
    for (const text of [colors.ink, colors.muted, colors.link])
      expect(wcagContrast(text, colors.ground)).toBeGreaterThan(4.5)
  })

  it('keeps counts readable on every depth of a cell', () => {
    for (const cell of [colors.hit, colors.miss])
      for (let depth = 0; depth <= 1; depth += 0.1)
        expect(wcagContrast(interpolate([colors.ground, cell], 'rgb')(depth), colors.ink)).toBeGreaterThan(4.5)
  })
})
