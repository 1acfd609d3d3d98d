import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-layers' // registers the gradients
import { readFileSync } from 'node:fs'
import {
  add,
  dispose,
  memory,
  mul,
  setBackend,
  square,
  sub,
  sum,
  tensor1d,
  tensor2d,
  type Variable,
  variable,
  variableGrads,
} from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Average, WeightAverage } from './average.ts'
import { type Clipping, clipped } from './clipping.ts'
import { makeOptimizer } from './make-optimizer.ts'
import type { Optimizer, OptimizerSpec } from './optimizer.ts'

interface Golden {
  readonly problem: { w: number[][]; b: number[]; x: number[][]; y: number[][]; steps: number; decay: number }
  readonly runs: Record<string, { rate: number; weightDecay?: number; w: number[][]; b: number[] }>
}

// Written by reference/transfer/optimizers.py.
const [torch, tf] = ['torch', 'tf'].map(
  (library) =>
    JSON.parse(readFileSync(new URL(`../golden/optimizers.${library}.json`, import.meta.url), 'utf8')) as Golden,
) as [Golden, Golden]
const { problem } = torch
const golden = { ...torch.runs, ...tf.runs }

beforeAll(() => setBackend('cpu'))

interface Case {
  readonly spec: OptimizerSpec
  readonly clipping?: Clipping
  readonly average?: Average
}

const sgd = { kind: 'sgd', momentum: 0.9 } as const
const steps = { ...sgd, velocity: 'steps' } as const
const slim = { kind: 'rmsprop', epsilon: 1, momentum: 0.9 } as const

const cases: Record<string, Case> = {
  adamw: { spec: { kind: 'adamw' } },
  'adamw, all': { spec: { kind: 'adamw', decayed: 'all' } },
  adam: { spec: { kind: 'adamw', decay: 'coupled' } },
  sgd: { spec: sgd },
  'sgd, nesterov': { spec: { ...sgd, nesterov: true, decay: 'coupled' } },
  'sgd, coupled': { spec: { ...sgd, decay: 'coupled' } },
  'sgd, coupled, all': { spec: { ...sgd, decay: 'coupled', decayed: 'all' } },
  'sgd, norm': { spec: sgd, clipping: { kind: 'norm', at: 1.5 } },
  'sgd, value': { spec: sgd, clipping: { kind: 'value', at: 0.5 } },
  'sgd, ema': { spec: sgd, average: { decay: 0.9 } },
  rmsprop: { spec: { kind: 'rmsprop', form: 'torch', momentum: 0.9 } },
  'rmsprop, decay': { spec: { kind: 'rmsprop', form: 'torch' } },
  'tf rmsprop': { spec: slim },
  'tf rmsprop, small epsilon': { spec: { kind: 'rmsprop' } },
  'tf rmsprop, norm': { spec: slim, clipping: { kind: 'norm', at: 2 } },
  'tf momentum': { spec: sgd },
  'tf ema': { spec: sgd, average: { decay: 0.9 } },
  'tf ema, ramp': { spec: sgd, average: { decay: 0.9, rampUp: true } },
  'keras rmsprop': { spec: { kind: 'rmsprop', form: 'keras', momentum: 0.9 } },
  'keras sgd': { spec: steps },
  'keras sgd, nesterov': { spec: { ...steps, nesterov: true } },
  'keras sgd, decoupled': { spec: steps },
}

const start = (): [Variable, Variable] => [variable(tensor2d(problem.w)), variable(tensor1d(problem.b))]

interface Run extends Case {
  readonly optimizer: Optimizer
  readonly averages?: WeightAverage
}

function train(name: string, [w, b]: [Variable, Variable], run: Run, from: number, to: number): void {
  const [x, y] = [tensor2d(problem.x), tensor2d(problem.y)]
  const { rate, weightDecay = 0 } = golden[name]!
  for (let step = from; step < to; step++) {
    const { value, grads } = variableGrads(() => sum(square(sub(add(mul(w, x), b), y))), [w, b])
    const held = run.clipping ? clipped(grads, run.clipping) : grads
    const now = rate * problem.decay ** step
    run.optimizer.step([w, b], held, [
      { rate: now, weightDecay },
      { rate: now, weightDecay: run.spec.decayed === 'all' ? weightDecay : 0 },
    ])
    run.averages?.follow()
    dispose([value, ...Object.values(grads), ...Object.values(held)])
  }
  dispose([x, y])
}

const flat = (variables: readonly Variable[]): number[] => variables.flatMap((one) => [...one.dataSync()])

describe.each(Object.entries(cases))('%s', (name, given) => {
  const make = (): Run => ({ ...given, optimizer: makeOptimizer(given.spec) })

  it('stands where the original stands after 20 steps, with a rate that falls', () => {
    const variables = start()
    const averages = given.average && new WeightAverage(variables, given.average)
    const run = { ...make(), ...(averages && { averages }) }
    train(name, variables, run, 0, problem.steps)
    averages?.swap()
    const expected = [...golden[name]!.w.flat(), ...golden[name]!.b]
    flat(variables).forEach((value, i) => {
      expect(Math.abs(value - expected[i]!)).toBeLessThan(2e-6)
    })
    run.optimizer.dispose()
    averages?.dispose()
  })

  it('goes on from its state to the same bits', () => {
    const whole = start()
    const unbroken = make()
    train(name, whole, unbroken, 0, 10)
    const parts = start()
    const [first, second] = [make(), make()]
    train(name, parts, first, 0, 4)
    second.optimizer.restore(first.optimizer.state())
    first.optimizer.dispose()
    train(name, parts, second, 4, 10)
    expect(flat(parts)).toEqual(flat(whole))
    for (const { optimizer } of [unbroken, second]) optimizer.dispose()
  })

  it('frees what it made', () => {
    const variables = start()
    const before = memory().numTensors
    const averages = given.average && new WeightAverage(variables, given.average)
    const run = { ...make(), ...(averages && { averages }) }
    train(name, variables, run, 0, 2)
    run.optimizer.restore(run.optimizer.state())
    averages?.restore(averages.state())
    run.optimizer.dispose()
    averages?.dispose()
    expect(memory().numTensors).toBe(before)
  })
})

it('has a case for each run of the originals', () => {
  expect(Object.keys(cases).sort()).toEqual(Object.keys(golden).sort())
})

it('swaps averages in and the weights back out to the bit', () => {
  const [w] = start()
  const before = flat([w])
  const averages = new WeightAverage([w], { decay: 0.5 })
  w.assign(mul(w, 3))
  averages.follow()
  averages.swap()
  expect(flat([w])).toEqual(before.map((value) => value * 2))
  averages.swap()
  expect(flat([w])).toEqual(before.map((value) => value * 3))
  averages.dispose()
})
