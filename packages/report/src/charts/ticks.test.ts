import { expect, it } from 'vitest'
import { decade, decades, percentDomain, wholeTicks } from './ticks.ts'

it('puts ticks on whole epochs only', () => {
  expect(wholeTicks(1, 5, 8)).toEqual([1, 2, 3, 4, 5])
  expect(wholeTicks(1, 12, 8)).toEqual([2, 4, 6, 8, 10, 12])
  expect(wholeTicks(0, 300, 6)).toEqual([0, 50, 100, 150, 200, 250, 300])
})

it('begins the axis of shares below the lowest, at 0 if that is low', () => {
  expect(percentDomain([0.93, 0.75])).toEqual([70, 100])
  expect(percentDomain([0.3, 0.9])).toEqual([0, 100])
  expect(percentDomain([1, Number.NaN])).toEqual([90, 100])
  expect(percentDomain([])).toEqual([90, 100])
})

it('counts a logarithmic axis in powers of ten', () => {
  expect(decades([0.4, 500])).toEqual([0.1, 1, 10, 100, 1000])
  expect([1e-5, 0.01, 1000, 1e7].map(decade)).toEqual(['1e-5', '0.01', '1000', '1e7'])
})
