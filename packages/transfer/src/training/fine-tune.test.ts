import '@tensorflow/tfjs-backend-cpu'
import { flip, type PictureDataset } from '@cnnkit/images'
import { cardOf, layersFrom } from '@cnnkit/layers'
import { memory, setBackend } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { evaluate, fineTune, fit, type Policy, type TrainingProgress, trainedStages, withHead } from '../index.ts'
import { colours, memoryStore, toyModel } from '../toy.fixture.ts'

beforeAll(() => setBackend('cpu'))

const weightsOf = (layers: readonly LayersModel['layers'][number][]): Record<string, number[]> =>
  Object.fromEntries(
    layers.flatMap((layer) =>
      layer.weights.map((w) => [`${layer.name}/${w.originalName}`, [...w.read().dataSync()]] as const),
    ),
  )

const bodyOf = (model: LayersModel, from: string): readonly LayersModel['layers'][number][] => {
  const trained = new Set(layersFrom(model, from))
  return model.layers.filter((layer) => !trained.has(layer))
}

const recipe = { optimizer: { kind: 'adamw' }, learningRate: 0.02, schedule: { kind: 'cosine' } } as const

describe('fineTune', () => {
  it('learns the colours with a frozen body, and names them', async () => {
    const progress: TrainingProgress[] = []
    const { model, history } = await fineTune(toyModel(10), colours(48), {
      recipe: { ...recipe, learningRate: 0.1 },
      epochs: 30,
      validation: colours(24, 2),
      onProgress: (event) => progress.push(event),
    })
    expect(history).toHaveLength(30)
    expect(history[29]!.loss).toBeLessThan(history[0]!.loss / 2)
    expect(history[29]!.validationAccuracy).toBeGreaterThan(0.9)
    expect(cardOf(model).labels).toEqual(['red', 'green', 'blue'])
    expect(progress[0]!.phase).toBe('features')
    expect(progress.at(-1)).toMatchObject({ phase: 'validate', epoch: 30, epochs: 30 })
    const evaluation = await evaluate(model, colours(24, 2))
    expect(evaluation.accuracy).toBe(history[29]!.validationAccuracy)
    expect(evaluation.loss).toBeCloseTo(history[29]!.validationLoss!, 4)
    model.dispose()
  })

  it.each(['frozen', 'trained'] as const)(
    'leaves batch norms of a stage that learns %s, as the recipe says',
    async (norms) => {
      const model = toyModel()
      const inStage2 = layersFrom(model, 'stage2').filter((layer) => layer.name.startsWith('stage2'))
      const normsOf = inStage2.filter((layer) => layer.getClassName() === 'BatchNormalization')
      const before = { norms: weightsOf(normsOf), all: weightsOf(inStage2) }
      const result = await fineTune(model, colours(24), {
        policy: 'last-stage',
        recipe: { ...recipe, norms },
        epochs: 2,
      })
      expect(normsOf.length).toBeGreaterThan(0)
      expect(weightsOf(inStage2)).not.toEqual(before.all)
      if (norms === 'frozen') expect(weightsOf(normsOf)).toEqual(before.norms)
      else expect(weightsOf(normsOf)).not.toEqual(before.norms)
      result.model.dispose()
    },
  )

  it.each([
    ['head', 'head', ['head']],
    ['last-stage', 'stage2', ['stage2', 'head']],
    [{ from: 'stage1' }, 'stage1', ['stage1', 'stage2', 'head']],
  ] as readonly [Policy, string, string[]][])(
    'with the policy %o leaves all below %s to the bit',
    async (policy, from, trained) => {
      const model = toyModel()
      const frozen = bodyOf(model, from)
      const before = weightsOf(frozen)
      const open = weightsOf(layersFrom(model, from).filter((layer) => !layer.name.startsWith('head')))
      const result = await fineTune(model, colours(24), { policy, recipe, epochs: 2 })
      expect(trainedStages(result.model)).toEqual(trained)
      expect(weightsOf(bodyOf(result.model, from))).toEqual(before)
      for (const [name, values] of Object.entries(open)) {
        expect(weightsOf(result.model.layers)[name], name).not.toEqual(values)
      }
      result.model.dispose()
    },
  )

  it('gives the same numbers from kept features as from pictures run anew', async () => {
    const results: Record<string, number>[][] = []
    for (const cacheBytes of [2 ** 30, 0]) {
      const { model, history } = await fineTune(toyModel(), colours(20), {
        recipe,
        epochs: 3,
        batchSize: 8,
        validation: colours(9, 3),
        cacheBytes,
      })
      results.push(history.map(({ seconds: _, ...figures }) => figures))
      model.dispose()
    }
    results[0]!.forEach((epoch, i) => {
      for (const [name, value] of Object.entries(epoch)) {
        expect(results[1]![i]![name], name).toBeCloseTo(value, 5)
      }
    })
  })

  it('leaks nothing, with and without augmentation', async () => {
    const before = memory().numTensors
    for (const augment of [undefined, flip()]) {
      const { model } = await fineTune(toyModel(), colours(24), {
        policy: 'last-stage',
        epochs: 2,
        ...(augment && { augment }),
      })
      model.dispose()
    }
    expect(memory().numTensors).toBe(before)
  })
})

describe('a run that is stopped', () => {
  const train = (store: ReturnType<typeof memoryStore>, stopAfter: number): Promise<LayersModel> => {
    const controller = new AbortController()
    let steps = 0
    return fineTune(toyModel(), colours(40), {
      policy: 'last-stage',
      recipe,
      epochs: 3,
      batchSize: 8,
      augment: flip(),
      validation: colours(9, 3),
      checkpoint: store,
      signal: controller.signal,
      onProgress: ({ phase }) => {
        if (phase === 'train' && ++steps === stopAfter) controller.abort()
      },
    }).then(({ model }) => model)
  }

  it.each([3, 5, 7, 12])('after step %i goes on to the same weights as an unbroken one', async (stopAfter) => {
    const unbroken = await train(memoryStore(), Number.POSITIVE_INFINITY)
    const before = memory().numTensors
    const store = memoryStore()
    await expect(train(store, stopAfter)).rejects.toThrow('Its state is in memory: run the same again to go on.')
    expect(memory().numTensors).toBe(before)
    await store.save(Buffer.from((await store.load())!)) // as a file gives it: not aligned, a Buffer
    const resumed = await train(store, Number.POSITIVE_INFINITY)
    expect(weightsOf(resumed.layers)).toEqual(weightsOf(unbroken.layers))
    expect(await store.load()).toBeUndefined()
    for (const model of [unbroken, resumed]) model.dispose()
  })

  it('does not go on with other options, a broken checkpoint or other bytes', async () => {
    const store = memoryStore()
    await expect(train(store, 4)).rejects.toMatchObject({ code: 'ABORTED' })
    const bytes = (await store.load())!
    const go = (epochs: number): Promise<unknown> =>
      fineTune(toyModel(), colours(40), { policy: 'last-stage', recipe, epochs, batchSize: 8, checkpoint: store })
    await expect(go(9)).rejects.toThrow('epochs was 3 and is 9')
    const before = memory().numTensors
    for (const broken of [bytes.slice(0, 10), bytes.slice(0, 400), bytes.slice(0, -4), new Uint8Array(100)]) {
      await store.save(broken)
      await expect(go(3)).rejects.toMatchObject({ code: 'BAD_CHECKPOINT' })
    }
    expect(memory().numTensors).toBe(before)
  })
})

describe('what cannot be trained', () => {
  const twoClasses: PictureDataset = { ...colours(6), classes: ['red', 'green'], label: (i) => i % 2 }

  it('is a model with another number of outputs', async () => {
    await expect(fit(toyModel(), twoClasses, { recipe, epochs: 1 })).rejects.toThrow(
      'toy has 3 outputs; the pictures are of 2 classes: red, green.',
    )
  })

  it('is a model with other classes of the same number', async () => {
    const model = withHead(toyModel(), { classes: ['cat', 'dog', 'bird'] })
    await expect(fit(model, colours(6), { recipe, epochs: 1 })).rejects.toMatchObject({ code: 'CLASS_MISMATCH' })
    await expect(evaluate(model, colours(6))).rejects.toThrow('toy knows cat, dog, bird')
  })

  it('is a model of which nothing is open', async () => {
    const before = memory().numTensors
    await expect(fineTune(toyModel(), colours(6), { policy: 'as-is', epochs: 1 })).rejects.toMatchObject({
      code: 'NOTHING_TO_TRAIN',
    })
    expect(memory().numTensors).toBe(before)
  })

  it('is a run whose loss is no number any more', async () => {
    const wild = { ...recipe, optimizer: { kind: 'sgd' }, learningRate: 1e30 } as const
    const before = memory().numTensors
    await expect(fineTune(toyModel(), colours(24), { policy: 'all', recipe: wild, epochs: 5 })).rejects.toThrow(
      'Use a lower learning rate.',
    )
    expect(memory().numTensors).toBe(before)
  })
})
