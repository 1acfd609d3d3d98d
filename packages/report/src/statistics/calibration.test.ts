import { expect, it } from 'vitest'
import { calibrationError } from './calibration.ts'

it('weighs each distance by its pictures and passes over empty bins', () => {
  const bins = [
    { confidence: 0.6, accuracy: 0.5, count: 10 },
    { confidence: 0.9, accuracy: 0.95, count: 30 },
    { confidence: Number.NaN, accuracy: Number.NaN, count: 0 },
  ]
  expect(calibrationError(bins)).toBeCloseTo((10 * 0.1 + 30 * 0.05) / 40, 12)
})

it('is nothing without predictions', () => {
  expect(calibrationError([])).toBe(0)
})
