import '@tensorflow/tfjs-backend-cpu'
import { wasm } from '@cnnkit/backend-wasm'
import { beforeAll, describe, expect, it } from 'vitest'
import { colours } from '../toy.fixture.ts'
import { auxiliaryToy } from '../training/auxiliary-toy.fixture.ts'
import { fit } from '../training/fit.ts'
import { type PaperName, paperRecipes } from './papers.ts'
import { oneCycleRecipe, type Recipe } from './recipe.ts'

beforeAll(async () => {
  await wasm({ threads: 1 }).start()
})

/** Twenty epochs of one step: the rate of each, and the share that was named rightly after it. */
async function run(recipe: Recipe): Promise<{ rates: number[]; accuracies: number[]; losses: number[] }> {
  const model = auxiliaryToy()
  const { history } = await fit(model, colours(9), { recipe, epochs: 20, batchSize: 9, validation: colours(6, 7) })
  model.dispose()
  return {
    rates: history.map(({ learningRate }) => learningRate),
    accuracies: history.map(({ validationAccuracy }) => validationAccuracy!),
    losses: history.map(({ loss }) => loss),
  }
}

// The rate in each epoch (from 0) as the source words it.
const curves: Partial<Record<PaperName, (epoch: number) => number>> = {
  googlenet: (epoch) => 0.01 * 0.96 ** Math.floor(epoch / 8),
  inception_v3: (epoch) => 0.045 * 0.94 ** Math.floor(epoch / 2),
  densenet: () => 0.1, // until epoch 30
  mobilenet_v1: (epoch) => 0.045 * 0.94 ** Math.floor(epoch / 2),
  mobilenet_v2: (epoch) => 0.045 * 0.98 ** epoch,
  nasnet: (epoch) => 0.045 * 0.94 ** Math.floor(epoch / 2),
}

/** "Divide the rate by 10 when the validation error stops improving", five epochs let pass. */
function reduced(start: number, least: number, accuracies: readonly number[]): number[] {
  let [rate, best, waited] = [start, Number.NEGATIVE_INFINITY, 0]
  return accuracies.map((accuracy) => {
    const now = rate
    if (accuracy > best * 1.0001) [best, waited] = [accuracy, 0]
    else if (++waited > 5) [rate, waited] = [Math.max(rate / 10, least), 0]
    return now
  })
}

const plateaus = { alexnet: [0.01, 1e-5], vgg: [0.01, 1e-5], resnet: [0.1, 0] } as const

describe('20 steps by the recipe of', () => {
  it.each(Object.keys(curves) as (keyof typeof curves)[])('%s have the rates of the source', async (name) => {
    const { rates, losses } = await run(paperRecipes[name])
    expect(losses.every(Number.isFinite)).toBe(true)
    rates.forEach((rate, epoch) => {
      expect(Math.abs(rate / curves[name]!(epoch) - 1), `epoch ${epoch}`).toBeLessThan(1e-12)
    })
  })

  it.each(Object.keys(plateaus) as (keyof typeof plateaus)[])('%s fall where the error stops to', async (name) => {
    const { rates, accuracies, losses } = await run(paperRecipes[name])
    expect(losses.every(Number.isFinite)).toBe(true)
    const [start, least] = plateaus[name]
    const expected = reduced(start, least, accuracies)
    expect(new Set(expected).size).toBeGreaterThan(1)
    rates.forEach((rate, epoch) => {
      expect(Math.abs(rate / expected[epoch]! - 1), `epoch ${epoch}`).toBeLessThan(1e-12)
    })
  })

  it('today go up and down once', async () => {
    const { rates, losses } = await run(oneCycleRecipe)
    expect(losses.every(Number.isFinite)).toBe(true)
    const top = rates.indexOf(Math.max(...rates))
    expect(top).toBe(5)
    expect(rates[top]).toBe(2e-3)
    expect(rates[0]).toBeCloseTo(2e-3 / 25, 12)
    expect(rates.at(-1)).toBeCloseTo(2e-3 / 25 / 1e4, 12)
    expect(losses.at(-1)).toBeLessThan(losses[0]!)
  })
})

it('divides the rate of DenseNet by 10 after 30 and 60 of 90 epochs', async () => {
  const { schedule } = paperRecipes.densenet
  expect(schedule).toEqual({ kind: 'step', factor: 0.1, at: [30, 60] })
})

it('weighs auxiliary heads as the papers do', () => {
  expect(paperRecipes.googlenet.auxiliaryWeight).toBe(0.3)
  expect(paperRecipes.inception_v3.auxiliaryWeight).toBe(0.4)
  expect(paperRecipes.mobilenet_v1.auxiliaryWeight).toBeUndefined()
})
