import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-layers' // registers the gradients
import { readFileSync } from 'node:fs'
import {
  add,
  memory,
  mul,
  setBackend,
  square,
  sub,
  sum,
  type Tensor2D,
  tensor1d,
  tensor2d,
  type Variable,
  variable,
  variableGrads,
} from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { adamW } from './adamw.ts'
import type { Optimizer } from './optimizer.ts'
import { sgd } from './sgd.ts'

interface Golden {
  readonly problem: { w: number[][]; b: number[]; x: number[][]; y: number[][]; steps: number; decay: number }
  readonly adamw: { rate: number; weightDecay: number; w: number[][]; b: number[] }
  readonly sgd: { rate: number; momentum: number; w: number[][]; b: number[] }
}

// Written by reference/transfer/optimizers.py.
const golden = JSON.parse(readFileSync(new URL('../golden/optimizers.json', import.meta.url), 'utf8')) as Golden
const { problem } = golden

beforeAll(() => setBackend('cpu'))

const start = (): [Variable, Variable] => [variable(tensor2d(problem.w)), variable(tensor1d(problem.b))]

function train([w, b]: [Variable, Variable], optimizer: Optimizer, rate: number, from: number, to: number): void {
  const [x, y] = [tensor2d(problem.x), tensor2d(problem.y)]
  for (let step = from; step < to; step++) {
    const { value, grads } = variableGrads(() => sum(square(sub(add(mul(w, x), b), y))), [w, b])
    const now = rate * problem.decay ** step
    optimizer.step([w, b], grads, [now, now])
    for (const tensor of [value, ...Object.values(grads)]) tensor.dispose()
  }
  x.dispose()
  y.dispose()
}

const cases = [
  ['AdamW', () => adamW({ kind: 'adamw', weightDecay: golden.adamw.weightDecay }), golden.adamw],
  ['SGD with momentum', () => sgd({ kind: 'sgd', momentum: golden.sgd.momentum }), golden.sgd],
] as const

describe.each(cases)('%s', (_name, make, { rate, w, b }) => {
  it("stands where PyTorch's stands after 20 steps, with a rate that falls", () => {
    const variables = start()
    const optimizer = make()
    train(variables, optimizer, rate, 0, problem.steps)
    ;(variables[0] as unknown as Tensor2D).arraySync().forEach((row, i) => {
      row.forEach((value, j) => {
        expect(value).toBeCloseTo(w[i]![j]!, 5)
      })
    })
    variables[1].dataSync().forEach((value, i) => {
      expect(value).toBeCloseTo(b[i]!, 5)
    })
    optimizer.dispose()
  })

  it('goes on from its state to the same bits', () => {
    const whole = start()
    const unbroken = make()
    train(whole, unbroken, rate, 0, 10)
    const parts = start()
    const [first, second] = [make(), make()]
    train(parts, first, rate, 0, 4)
    second.restore(first.state())
    first.dispose()
    train(parts, second, rate, 4, 10)
    expect([...parts[0].dataSync()]).toEqual([...whole[0].dataSync()])
    for (const optimizer of [unbroken, second]) optimizer.dispose()
  })

  it('frees what it made', () => {
    const variables = start()
    const before = memory().numTensors
    const optimizer = make()
    train(variables, optimizer, rate, 0, 2)
    optimizer.restore(optimizer.state())
    optimizer.dispose()
    expect(memory().numTensors).toBe(before)
  })
})
