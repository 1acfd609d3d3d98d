import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { binomialInterval } from './binomial-interval.ts'

// Written by reference/transfer/golden.py.
const golden = JSON.parse(readFileSync(new URL('../golden/wilson.json', import.meta.url), 'utf8')) as {
  correct: number
  total: number
  low: number
  high: number
}[]

it.each(golden)("equals SciPy's Wilson interval for $correct of $total", ({ correct, total, low, high }) => {
  const interval = binomialInterval(correct, total)
  expect(interval[0]).toBeCloseTo(low, 12)
  expect(interval[1]).toBeCloseTo(high, 12)
})

it('knows nothing without pictures', () => {
  expect(binomialInterval(0, 0)).toEqual([0, 1])
})

it('reaches exactly to 0 and to 1', () => {
  expect(binomialInterval(0, 7)[0]).toBe(0)
  expect(binomialInterval(7, 7)[1]).toBe(1)
})

it.each([
  [5, 4],
  [-1, 4],
  [1.5, 4],
  [Number.NaN, 4],
])('refuses %d right of %d pictures, naming both', (correct, total) => {
  expect(() => binomialInterval(correct, total)).toThrow(
    expect.objectContaining({ code: 'BAD_COUNT', message: expect.stringContaining(`${correct} right of ${total}`) }),
  )
})
