import { expect, it } from 'vitest'
import { scheduleFactor } from './schedule.ts'

it('stays put when constant', () => {
  expect([0, 50, 99].map((step) => scheduleFactor({ kind: 'constant' }, step, 100))).toEqual([1, 1, 1])
})

it('falls along a half cosine: whole at first, half in the middle, near nothing at last', () => {
  const cosine = { kind: 'cosine' } as const
  expect(scheduleFactor(cosine, 0, 100)).toBe(1)
  expect(scheduleFactor(cosine, 50, 100)).toBeCloseTo(0.5, 12)
  expect(scheduleFactor(cosine, 25, 100)).toBeCloseTo((1 + Math.SQRT1_2) / 2, 12)
  expect(scheduleFactor(cosine, 99, 100)).toBeLessThan(0.001)
})

it('rises in a line while it warms up, never from zero', () => {
  const warm = { kind: 'cosine', warmUp: 0.1 } as const
  const rise = Array.from({ length: 11 }, (_, step) => scheduleFactor(warm, step, 100))
  expect(rise[0]).toBeCloseTo(1 / 11, 12)
  rise.slice(1, 10).forEach((factor, i) => {
    expect(factor - rise[i]!).toBeCloseTo(1 / 11, 12)
  })
  expect(rise[10]).toBe(1)
})
