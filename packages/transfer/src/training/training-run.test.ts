import '@tensorflow/tfjs-backend-cpu'
import { wasm } from '@cnnkit/backend-wasm'
import { flip } from '@cnnkit/images'
import { memory, setBackend } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Recipe } from '../recipes/recipe.ts'
import { colours, memoryStore, toyModel } from '../toy.fixture.ts'
import { auxiliaryToy } from './auxiliary-toy.fixture.ts'
import { type FitOptions, type FitResult, fit } from './fit.ts'

const weightsOf = (model: LayersModel): number[] => model.weights.flatMap((weight) => [...weight.read().dataSync()])

const sgd = { kind: 'sgd', momentum: 0.9 } as const
const plain: Recipe = { optimizer: sgd, learningRate: 0.05, schedule: { kind: 'constant' } }

/** A network without norms that learn and without dropout: what it does to a picture does not depend on the batch. */
const steady = (): LayersModel => auxiliaryToy({ dropout: 0, norms: false })

async function rates(recipe: Recipe, options: Partial<FitOptions> = {}): Promise<number[]> {
  const seen: number[] = []
  const model = toyModel()
  await fit(model, colours(12), {
    recipe,
    epochs: 6,
    batchSize: 4,
    onProgress: ({ learningRate }) => learningRate !== undefined && seen.push(learningRate),
    ...options,
  })
  model.dispose()
  return seen
}

describe('a run', () => {
  beforeAll(async () => {
    await wasm({ threads: 1 }).start()
  })

  it('moves by the sum of several batches as by one large one, at its rate', async () => {
    const recipe: Recipe = { ...plain, schedule: { kind: 'cosine', warmUp: 0.2 }, clipping: { kind: 'norm', at: 1 } }
    const results: number[][] = []
    const histories: FitResult['history'][] = []
    for (const way of [{ batchSize: 12 }, { batchSize: 4, accumulate: 3 }]) {
      const model = steady()
      const { history } = await fit(model, colours(32), { recipe, epochs: 3, ...way })
      results.push(weightsOf(model))
      histories.push(history)
      model.dispose()
    }
    const worst = Math.max(...results[0]!.map((value, i) => Math.abs(value - results[1]![i]!)))
    expect(worst).toBeLessThan(2e-6)
    expect(histories[1]!.map(({ learningRate }) => learningRate)).toEqual(
      histories[0]!.map(({ learningRate }) => learningRate),
    )
    histories[0]!.forEach(({ loss }, i) => {
      expect(histories[1]![i]!.loss).toBeCloseTo(loss, 5)
    })
  })

  it('ends with the averages, with which it measured the held-out pictures', async () => {
    const held = colours(9, 5)
    const results: [number[], number][] = []
    for (const average of [undefined, { decay: 0 }, { decay: 0.9 }]) {
      const model = toyModel()
      const recipe = { ...plain, ...(average && { average }) }
      const { history } = await fit(model, colours(24), { recipe, epochs: 2, validation: held })
      results.push([weightsOf(model), history.at(-1)!.validationLoss!])
      model.dispose()
    }
    const [none, of, most] = results as [[number[], number], [number[], number], [number[], number]]
    expect(of[0].map((value, i) => Math.abs(value - none[0][i]!)).every((gap) => gap < 1e-6)).toBe(true)
    expect(of[1]).toBeCloseTo(none[1], 5)
    expect(most[0]).not.toEqual(none[0])
    expect(most[1]).not.toBe(none[1])
  })

  it('averages moving statistics with the weights, by the formula', async () => {
    const store = memoryStore()
    const states: number[][] = []
    const model = toyModel()
    const start = weightsOf(model)
    await fit(model, colours(4), {
      recipe: plain,
      epochs: 3,
      batchSize: 4,
      checkpoint: { ...store, remove: async () => {} },
      onProgress: () => states.push(weightsOf(model)),
    })
    model.dispose()
    const averaged = toyModel()
    await fit(averaged, colours(4), { recipe: { ...plain, average: { decay: 0.8 } }, epochs: 3, batchSize: 4 })
    const expected = start.map((value, i) => states.reduce((average, state) => 0.8 * average + 0.2 * state[i]!, value))
    const worst = Math.max(...weightsOf(averaged).map((value, i) => Math.abs(value - expected[i]!)))
    expect(states).toHaveLength(3)
    expect(worst).toBeLessThan(1e-6)
    averaged.dispose()
  })

  it('counts classes as told', async () => {
    const losses = await Promise.all(
      [undefined, { red: 3 }, 'balanced' as const].map(async (classWeights) => {
        const model = toyModel()
        const { history } = await fit(model, colours(12), {
          recipe: { ...plain, learningRate: 1e-9 },
          epochs: 1,
          ...(classWeights && { classWeights }),
        })
        model.dispose()
        return history[0]!.loss
      }),
    )
    expect(losses[1]).toBeGreaterThan(losses[0]! * 1.2)
    expect(losses[2]).toBeCloseTo(losses[0]!, 5)
  })

  it('reduces the rate where the held-out loss does not improve', async () => {
    const schedule = { kind: 'plateau', patience: 0, factor: 0.5, threshold: 0.9 } as const
    const seen = await rates({ ...plain, learningRate: 1e-6, schedule }, { validation: colours(6, 4) })
    const expected = [0, 0, 1, 2, 3, 4].flatMap((reductions) => Array(3).fill(1e-6 * 0.5 ** reductions))
    expect(seen).toEqual(expected)
  })

  it('counts epochs of a schedule in epochs, batches that add up or not', async () => {
    const recipe: Recipe = { ...plain, schedule: { kind: 'step', at: [2, 5] } }
    const expected = [1, 1, 0.1, 0.1, 0.1, 0.1 ** 2].flatMap((factor) => Array(3).fill(0.05 * factor))
    expect(await rates(recipe)).toEqual(expected)
    expect(await rates(recipe, { accumulate: 2 })).toEqual(expected)
  })

  it('tells the step and the layer where the loss is no number', async () => {
    const wild = { ...plain, learningRate: 1e30 }
    const model = toyModel()
    const before = memory().numTensors
    await expect(fit(model, colours(12), { recipe: wild, epochs: 3, batchSize: 4 })).rejects.toThrow(
      /The loss is NaN at epoch 1, step \d, learning rate 1.00e\+30\. \S+ is the first layer whose output is not finite/,
    )
    expect(memory().numTensors).toBe(before)
    model.dispose()
  })
})

const whole: Recipe = {
  optimizer: { kind: 'rmsprop', epsilon: 1, momentum: 0.9, weightDecay: 1e-3 },
  learningRate: 0.1,
  schedule: { kind: 'plateau', patience: 0, factor: 0.5, threshold: 0.5, warmUp: 0.1 },
  labelSmoothing: 0.1,
  clipping: { kind: 'norm', at: 1 },
  average: { decay: 0.9, rampUp: true },
  auxiliaryWeight: 0.3,
}

describe.each([
  // Seven batches an epoch: three steps of three, three and one. 2 and 11 lie between two steps, 7 and 14 at an epoch's end.
  ['cpu', () => setBackend('cpu'), [2, 7]],
  ['wasm with one thread', () => wasm({ threads: 1 }).start(), [1, 2, 3, 7, 11, 14, 20]],
  ['wasm with two threads', () => wasm({ threads: 2 }).start(), [2, 7, 20]],
] as const)('a run with all that can be kept, on %s', (_name, start, stops) => {
  let unbroken: LayersModel
  let found: FitResult
  beforeAll(async () => {
    await start()
    ;[unbroken, found] = await train(memoryStore(), Number.POSITIVE_INFINITY)
  })
  afterAll(() => {
    unbroken.dispose()
  })

  const train = async (store: ReturnType<typeof memoryStore>, stopAfter: number): Promise<[LayersModel, FitResult]> => {
    const controller = new AbortController()
    let steps = 0
    const model = auxiliaryToy()
    const result = fit(model, colours(20), {
      recipe: whole,
      epochs: 3,
      batchSize: 3,
      accumulate: 3,
      classWeights: 'balanced',
      augment: flip(),
      validation: colours(9, 3),
      checkpoint: store,
      signal: controller.signal,
      onProgress: ({ phase }) => {
        if (phase === 'train' && ++steps === stopAfter) controller.abort()
      },
    })
    return result.then(
      (found) => [model, found],
      (error) => {
        model.dispose()
        throw error
      },
    )
  }
  const figures = ({ history }: FitResult): unknown => history.map(({ seconds: _, ...rest }) => rest)

  it.each(stops)('goes on after batch %i to the bit', async (stopAfter) => {
    const store = memoryStore()
    const before = memory().numTensors
    await expect(train(store, stopAfter)).rejects.toMatchObject({ code: 'ABORTED' })
    expect(memory().numTensors).toBe(before)
    const [resumed, rest] = await train(store, Number.POSITIVE_INFINITY)
    expect(rest.resumed).toBe(true)
    expect(weightsOf(resumed)).toEqual(weightsOf(unbroken))
    expect(figures(rest)).toEqual(figures(found))
    resumed.dispose()
  })
})

it('refuses a checkpoint of another form and says which', async () => {
  await setBackend('cpu')
  const store = memoryStore()
  await store.save(new TextEncoder().encode(`cnnkit checkpoint 1\n${'x'.repeat(300)}`))
  const model = toyModel()
  await expect(fit(model, colours(6), { recipe: plain, epochs: 1, checkpoint: store })).rejects.toThrow(
    'has form 1, of another version of cnnkit; this one goes on from form 2. Delete it to start afresh.',
  )
  model.dispose()
})
