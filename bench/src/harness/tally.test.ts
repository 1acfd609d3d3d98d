import { describe, expect, it } from 'vitest'
import { assertSameOutput } from './tally.ts'

describe('assertSameOutput', () => {
  const results = (outputError: number): { name: string; outputError?: number }[] => [
    { name: 'cnnkit' },
    { name: 'tfjs', outputError },
  ]

  it('refuses a contender whose result is another', () => {
    expect(() => assertSameOutput({ name: 'forward', sameOutput: 1e-5 }, results(2e-5))).toThrow(
      /tfjs of forward gives another result than ours \(apart by 0\.00002/,
    )
    expect(() => assertSameOutput({ name: 'forward', sameOutput: 1e-5 }, results(Number.POSITIVE_INFINITY))).toThrow()
  })

  it('lets through what is as close as the row asks, and anything where it says why not', () => {
    assertSameOutput({ name: 'forward', sameOutput: 1e-5 }, results(1e-5))
    expect(() => assertSameOutput({ name: 'train', sameOutput: 'they differ' }, results(1))).not.toThrow()
  })
})
