import { expect, it } from 'vitest'
import { cleanData, cleanText, count, decimal, duration, percent, percentRange, rate, shorten } from './text.ts'

it('shows shares in percent, and a dash for what is not a number', () => {
  expect(percent(0.9125)).toBe('91.3\u00A0%')
  expect(percentRange([0.7095, 0.9289])).toBe('71.0 to 92.9\u00A0%')
  expect([percent(Number.NaN), percent(null), decimal(undefined), rate(Number.NaN), duration(Number.NaN)]).toEqual(
    Array(5).fill('–'),
  )
})

it('shows losses with the digits that matter', () => {
  expect([0, 0.01234, 0.5, 4.60517, 23.456, 456.78, 1e-5, 1.5e9].map(decimal)).toEqual([
    '0.000',
    '0.0123',
    '0.500',
    '4.605',
    '23.46',
    '456.8',
    '1.0e-5',
    '1.5e9',
  ])
})

it('shows learning rates, counts and times', () => {
  expect([0.001, 0.000976, 1.7e-7].map(rate)).toEqual(['0.001', '0.00098', '1.7e-7'])
  expect([7, 1234567, 2.5].map(count)).toEqual(['7', '1\u202F234\u202F567', '2.5'])
  expect([0.83, 42, 185].map(duration)).toEqual(['0.8\u00A0s', '42\u00A0s', '3\u00A0min 5\u00A0s'])
})

it('leaves the middle out of long names, and whole characters in', () => {
  expect(shorten('tulips', 18)).toBe('tulips')
  expect(shorten('n02085620-Chihuahua', 12)).toBe('n0208562…hua')
  expect(shorten('🌷🌷🌷🌷🌷', 4)).toBe('🌷🌷…🌷')
})

it('replaces what XML forbids and what reverses the reading direction', () => {
  expect(cleanText('a\u0000b\u001bc\u202Egpj.exe\uD800\uFFFF\ttab\nline')).toBe('a�b�c�gpj.exe��\ttab\nline')
  expect(cleanText('daisy 🌼 תות')).toBe('daisy 🌼 תות')
})

it('cleans every text of plain data and leaves bytes and numbers alone', () => {
  const bytes = new Uint8Array([0, 1])
  const clean = cleanData({ names: ['a\u0000'], picture: { bytes }, loss: Number.NaN, map: null })
  expect(clean).toEqual({ names: ['a�'], picture: { bytes }, loss: Number.NaN, map: null })
  expect(clean.picture.bytes).toBe(bytes)
})
