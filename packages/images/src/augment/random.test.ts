import { describe, expect, it } from 'vitest'
import { random, randomFromState } from './random.ts'

describe('random', () => {
  it('gives the same numbers for the same seed, and others for another seed or stream', () => {
    const numbers = (seed: number, stream?: number): number[] => {
      const rng = random(seed, stream)
      return Array.from({ length: 50 }, () => rng.next())
    }
    expect(numbers(3)).toEqual(numbers(3))
    for (const other of [numbers(4), numbers(3, 1), numbers(-3), numbers(3 + 2 ** 32)]) {
      expect(other).not.toEqual(numbers(3))
    }
  })

  it('goes on from a saved state as if it had not been interrupted', () => {
    const rng = random(11)
    rng.shuffle([1, 2, 3])
    rng.normal()
    const state = JSON.parse(JSON.stringify(rng.getState()))
    const resumed = randomFromState(state)
    const draw = (from: typeof rng): unknown[] => [
      from.next(),
      from.normal(),
      from.integer(1000),
      from.shuffle('abcdefgh'),
    ]
    expect(draw(resumed)).toEqual(draw(rng))
    expect(resumed.getState()).toEqual(rng.getState())
  })

  it('is even, and normal where asked', () => {
    const rng = random(5)
    const dice = new Array(10).fill(0)
    let sum = 0
    let squares = 0
    for (let i = 0; i < 20_000; i++) {
      dice[rng.integer(10)]++
      const value = rng.normal()
      sum += value
      squares += value * value
    }
    expect(dice.every((count) => Math.abs(count - 2000) < 200)).toBe(true)
    expect(Math.abs(sum / 20_000)).toBeLessThan(0.03)
    expect(squares / 20_000).toBeCloseTo(1, 1)
  })

  it('shuffles into a new array and keeps every item', () => {
    const items = Array.from({ length: 100 }, (_, i) => i)
    const shuffled = random(1).shuffle(items)
    expect(shuffled).not.toEqual(items)
    expect([...shuffled].sort((a, b) => a - b)).toEqual(items)
  })

  it('refuses a seed that is not a whole number', () => {
    expect(() => random(0.5)).toThrow('A seed is a whole number, not 0.5')
    expect(() => random(Number.NaN)).toThrow(expect.objectContaining({ code: 'INVALID_SEED' }))
  })
})
