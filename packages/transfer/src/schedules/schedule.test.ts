import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type PlateauSpec, plateauAfter, plateauStart } from './plateau.ts'
import { type Schedule, scheduleFactor } from './schedule.ts'

// Written by reference/transfer/schedules.py.
const golden = JSON.parse(readFileSync(new URL('../golden/schedules.json', import.meta.url), 'utf8')) as Record<
  string,
  number[] | { values: number[]; rates: number[] }
>

describe("the rates of PyTorch's schedulers", () => {
  it.each<[string, Schedule]>([
    ['step', { kind: 'step', at: 3, factor: 0.5 }],
    ['multistep', { kind: 'step', at: [4, 9, 15] }],
    ['exponential', { kind: 'exponential', factor: 0.94 }],
    ['cosine', { kind: 'cosine' }],
    ['cosine, final', { kind: 'cosine', final: 0.05 }],
    ['one-cycle', { kind: 'one-cycle' }],
    ['one-cycle, own', { kind: 'one-cycle', warmUp: 0.25, startOver: 10, endOver: 100 }],
  ])('are those of %s', (name, schedule) => {
    ;(golden[name] as number[]).forEach((rate, step) => {
      expect(Math.abs(scheduleFactor(schedule, step, 20) - rate), `step ${step}`).toBeLessThan(1e-12)
    })
  })

  it.each<[string, PlateauSpec]>([
    ['plateau', { kind: 'plateau', patience: 2 }],
    ['plateau, cooldown', { kind: 'plateau', patience: 1, factor: 0.5, coolDown: 2, least: 0.2, threshold: 0.01 }],
    ['plateau, accuracy', { kind: 'plateau', watch: 'accuracy', patience: 2 }],
  ])('are those of %s', (name, schedule) => {
    const { values, rates } = golden[name] as { values: number[]; rates: number[] }
    expect(new Set(rates).size).toBeGreaterThan(2)
    let state = plateauStart
    rates.forEach((rate, epoch) => {
      const { reductions } = state
      expect(Math.abs(scheduleFactor(schedule, epoch, 20, { reductions }) - rate), `epoch ${epoch}`).toBeLessThan(1e-12)
      state = JSON.parse(JSON.stringify(plateauAfter(schedule, state, values[epoch]!))) as typeof state
    })
  })
})

it('counts epochs in steps where it is told how many they have', () => {
  const schedule = { kind: 'exponential', factor: 0.96, every: 8 } as const
  const at = (step: number): number => scheduleFactor(schedule, step, 1000, { stepsPerEpoch: 3 })
  expect([0, 23, 24, 47, 48].map(at)).toEqual([1, 1, 0.96, 0.96, 0.96 ** 2])
  expect(scheduleFactor({ ...schedule, smooth: true }, 12, 1000, { stepsPerEpoch: 3 })).toBe(0.96 ** 0.5)
})

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

it.each<Schedule>([
  { kind: 'cosine', warmUp: 0.1 },
  { kind: 'constant', warmUp: 0.1 },
  { kind: 'step', at: 30, warmUp: 0.1 },
  { kind: 'exponential', factor: 0.9, every: 20, warmUp: 0.1 },
  { kind: 'plateau', warmUp: 0.1 },
])('rises in a line while it warms up, never from zero: %o', (warm) => {
  const rise = Array.from({ length: 11 }, (_, step) => scheduleFactor(warm, step, 100))
  expect(rise[0]).toBeCloseTo(1 / 11, 12)
  rise.slice(1, 10).forEach((factor, i) => {
    expect(factor - rise[i]!).toBeCloseTo(1 / 11, 12)
  })
  expect(rise[10]).toBe(1)
})

it('has a rate for a run of a single step', () => {
  for (const kind of ['cosine', 'one-cycle'] as const) expect(scheduleFactor({ kind }, 0, 1)).toBe(1)
})
