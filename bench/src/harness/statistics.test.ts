import { describe, expect, it } from 'vitest'
import { ratio, relativeError, spread } from './statistics.ts'

describe('spread', () => {
  it('gives median and quartiles as numpy.percentile does', () => {
    // np.percentile([7, 1, 3, 10, 4, 2], [50, 25, 75])
    expect(spread([7, 1, 3, 10, 4, 2])).toEqual({ median: 3.5, quartiles: [2.25, 6.25] })
  })

  it('takes a single value for all three', () => {
    expect(spread([5])).toEqual({ median: 5, quartiles: [5, 5] })
  })
})

describe('ratio', () => {
  it('compares turns of the same round, so that a slow round of both changes nothing', () => {
    expect(ratio([20, 2000, 20], [10, 1000, 10])).toEqual({ median: 2, quartiles: [2, 2] })
  })

  it('compares the only turn of a slow contender with our median', () => {
    expect(ratio([300], [1, 3, 100]).median).toBe(100)
  })
})

describe('relativeError', () => {
  it('is the largest difference over the largest value', () => {
    expect(relativeError([1, -3.5], [1, -4])).toBe(0.125)
    expect(relativeError([0, 0], [0, 0])).toBe(0)
  })

  it('is infinite where there is nothing to compare or a value is none', () => {
    expect(relativeError([1], [1, 2])).toBe(Number.POSITIVE_INFINITY)
    expect(relativeError([], [])).toBe(Number.POSITIVE_INFINITY)
    expect(relativeError([Number.NaN], [1])).toBe(Number.POSITIVE_INFINITY)
    expect(relativeError([1], [Number.NaN])).toBe(Number.POSITIVE_INFINITY)
  })
})
