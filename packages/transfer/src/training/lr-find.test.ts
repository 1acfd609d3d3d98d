import '@tensorflow/tfjs-backend-cpu'
import { wasm } from '@cnnkit/backend-wasm'
import { memory, setBackend } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { applyPolicy } from '../policy/policy.ts'
import { fineTuneRecipe, type Recipe } from '../recipes/recipe.ts'
import { colours, toyModel } from '../toy.fixture.ts'
import { auxiliaryToy } from './auxiliary-toy.fixture.ts'
import { lrFind } from './lr-find.ts'
import { suggestRate } from './rate-suggestion.ts'

const weightsOf = (model: LayersModel): number[] => model.weights.flatMap((weight) => [...weight.read().dataSync()])

const recipe: Recipe = { optimizer: { kind: 'sgd' }, learningRate: 1, schedule: { kind: 'constant' } }

describe.each([
  ['cpu', () => setBackend('cpu')],
  ['wasm', () => wasm({ threads: 1 }).start()],
] as const)('lrFind on %s', (_name, start) => {
  beforeAll(async () => {
    await start()
  })

  it('goes up by one factor from step to step, falls, diverges, and leaves the model as it was, to the bit', async () => {
    const model = toyModel()
    const before = weightsOf(model)
    const tensors = memory().numTensors
    const { points, diverged, suggestion, steepest } = await lrFind(model, colours(12), {
      recipe,
      batchSize: 6,
      from: 1e-5,
      to: 1e4,
      steps: 60,
    })
    expect(diverged).toBe(true)
    expect(points.length).toBeLessThan(60)
    expect(points[0]!.rate).toBe(1e-5)
    points.slice(1).forEach(({ rate }, i) => {
      expect(rate / points[i]!.rate).toBeCloseTo(1e9 ** (1 / 59), 9)
    })
    expect(Math.min(...points.map(({ smoothed }) => smoothed))).toBeLessThan(points[0]!.smoothed * 0.95)
    expect(suggestion).toBeGreaterThan(1e-4)
    expect(suggestion).toBeLessThan(10)
    expect(steepest).toBeGreaterThan(1e-4)
    expect(weightsOf(model)).toEqual(before)
    expect(memory().numTensors).toBe(tensors)
    model.dispose()
  })

  it('stops where the loss is no number', async () => {
    const model = toyModel()
    const before = weightsOf(model)
    const found = await lrFind(model, colours(12), { recipe, batchSize: 4, from: 1e20, to: 1e38, steps: 20 })
    expect(found.diverged).toBe(true)
    expect(found.points.every(({ loss }) => Number.isFinite(loss))).toBe(true)
    expect(found.suggestion).toBeUndefined()
    expect(weightsOf(model)).toEqual(before)
    model.dispose()
  })

  it('trains what a policy leaves open, auxiliary heads and dropout included, and can be stopped', async () => {
    const model = auxiliaryToy()
    applyPolicy(model, 'last-stage')
    const before = weightsOf(model)
    const whole = { ...fineTuneRecipe, auxiliaryWeight: 0.3, average: { decay: 0.9 } }
    const tensors = memory().numTensors
    const controller = new AbortController()
    const stopped = lrFind(model, colours(12), {
      recipe: whole,
      batchSize: 4,
      steps: 10,
      signal: controller.signal,
      onProgress: ({ step }) => step === 3 && controller.abort(),
    })
    await expect(stopped).rejects.toMatchObject({ code: 'ABORTED' })
    expect(weightsOf(model)).toEqual(before)
    expect(memory().numTensors).toBe(tensors)
    const found = await lrFind(model, colours(12), { recipe: whole, batchSize: 4, steps: 12, to: 1e-6 })
    expect([found.points.length, found.diverged]).toEqual([12, false])
    expect(weightsOf(model)).toEqual(before)
    model.dispose()
  })

  it('is refused where nothing trains, or the rates do not rise', async () => {
    const model = toyModel()
    await expect(lrFind(model, colours(6), { recipe, from: 1, to: 0.1 })).rejects.toMatchObject({ code: 'BAD_RATE' })
    applyPolicy(model, 'as-is')
    await expect(lrFind(model, colours(6), { recipe })).rejects.toMatchObject({ code: 'NOTHING_TO_TRAIN' })
    model.dispose()
  })
})

describe('a suggestion', () => {
  const course = (losses: readonly number[]) =>
    losses.map((smoothed, i) => ({ rate: 10 ** (i - 20), loss: smoothed, smoothed }))

  it('is a tenth of the rate with the least loss or the steepest fall, whichever is lower', () => {
    const losses = Array.from({ length: 30 }, (_, i) => (i < 10 ? 5 : i < 20 ? 5 - (i - 10) * 0.1 : i - 16))
    losses[15] = 3
    const { suggestion, steepest, tenthOfLeast } = suggestRate(course(losses), 30)
    expect(tenthOfLeast).toBeCloseTo(10 ** (15 - 20) / 10, 12)
    expect(suggestion).toBe(Math.min(steepest!, tenthOfLeast!))
    expect(steepest).toBeCloseTo(10 ** (14 - 20), 12)
  })

  it('leaves out the first tenth and the last five', () => {
    const losses = Array.from({ length: 30 }, (_, i) => (i < 3 || i >= 25 ? 0 : 5 - i * 0.01))
    expect(suggestRate(course(losses), 30).tenthOfLeast).toBeCloseTo(10 ** (24 - 20) / 10, 9)
    expect(suggestRate(course(losses.slice(0, 9)), 30)).toEqual({
      suggestion: undefined,
      steepest: undefined,
      tenthOfLeast: undefined,
    })
  })
})
