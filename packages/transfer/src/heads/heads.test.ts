import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { wasm } from '@cnnkit/backend-wasm'
import { cardOf } from '@cnnkit/layers'
import { createModel, embed, loadModel, type ModelName, saveModel } from '@cnnkit/zoo'
import { memory, randomUniform, type Tensor, tidy } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { evaluate } from '../evaluation/evaluate.ts'
import {
  decisionValues,
  embedDataset,
  type HeadOptions,
  nearestNeighbors,
  nearestNeighborsHead,
  svmHead,
  withHead,
} from '../index.ts'
import { colours, toyModel } from '../toy.fixture.ts'

beforeAll(async () => {
  await wasm().start()
})

const classes = ['red', 'green', 'blue']

const layerNames = (model: LayersModel): string[] => model.layers.map(({ name }) => name)
const headOf = (model: LayersModel): string[] => layerNames(model).filter((name) => name.startsWith('head'))

const outputsOn = (model: LayersModel, x: Tensor): number[] => [...tidy(() => (model.predict(x) as Tensor).dataSync())]

/** What the model gives before it is saved and after it is loaded. */
async function throughADisk(model: LayersModel, x: Tensor): Promise<{ loaded: LayersModel; same: boolean }> {
  const folder = await mkdtemp(join(tmpdir(), 'cnnkit-head-'))
  try {
    await saveModel(model, folder)
    const loaded = await loadModel(folder)
    const [before, after] = [outputsOn(model, x), outputsOn(loaded, x)]
    return { loaded, same: before.length > 0 && before.every((value, i) => value === after[i]) }
  } finally {
    await rm(folder, { recursive: true })
  }
}

describe('a head', () => {
  it.each([
    [{ classes }, ['head.pool', 'head.logits', 'head.scores']],
    [{ classes, dropout: 0.5 }, ['head.pool', 'head.dropout', 'head.logits', 'head.scores']],
    [{ classes, kind: 'gap' }, ['head.pool', 'head.logits', 'head.scores']],
    [{ classes, kind: 'last-layer' }, ['head.pool', 'head.logits', 'head.scores']],
    [
      { classes, kind: 'mlp', hidden: [16, 8] },
      ['head.pool', 'head.hidden1', 'head.hidden2', 'head.logits', 'head.scores'],
    ],
    [
      { classes, kind: 'mlp', from: 'flatten', dropout: 0.5 },
      ['head.flatten', 'head.hidden1.dropout', 'head.hidden1', 'head.dropout', 'head.logits', 'head.scores'],
    ],
    [{ classes: ['sunny', 'windy'], outputs: 'tags' }, ['head.pool', 'head.logits', 'head.scores']],
    [{ classes: ['age'], outputs: 'values' }, ['head.pool', 'head.logits']],
  ] as readonly [HeadOptions, string[]][])(
    'of the kind %o has its layers, and is saved with its network and card',
    async (options, names) => {
      const before = memory().numTensors
      const model = withHead(toyModel(10), { ...options, seed: 3 })
      expect(headOf(model)).toEqual(names)
      expect(cardOf(model)).toMatchObject({ labels: options.classes, architecture: 'toy' })
      expect(cardOf(model).outputs).toBe(options.outputs)
      const x = randomUniform([2, 8, 8, 3], -1, 1, 'float32', 1)
      const values = outputsOn(model, x)
      expect(values).toHaveLength(2 * options.classes.length)
      const sum = values.reduce((all, value) => all + value, 0)
      if (options.outputs === undefined) expect(sum).toBeCloseTo(2, 5)
      else expect(sum).not.toBeCloseTo(2, 3)
      const { loaded, same } = await throughADisk(model, x)
      expect(same).toBe(true)
      expect(cardOf(loaded)).toEqual(cardOf(model))
      for (const disposable of [model, loaded, x]) disposable.dispose()
      expect(memory().numTensors).toBe(before)
    },
  )

  it.each([
    ['alexnet', 96, 4096],
    ['squeezenet1_1', 64, 512],
    ['mobilenet_v2_035', 64, 1280],
    ['googlenet', 64, 1024],
  ] as readonly [ModelName, number, number][])(
    'as the last layer of %s takes what embed gives',
    async (name, size, width) => {
      const built = await createModel(name, { weights: null, seed: 5, inputShape: [size, size, 3], classes: 4 })
      const picture = {
        data: Uint8Array.from({ length: size * size * 3 }, (_, i) => (i * 7919) % 256),
        width: size,
        height: size,
        channels: 3,
      } as const
      const before = embed(built, picture)
      const model = withHead(built, { kind: 'last-layer', classes, dropout: 0.2, seed: 1 })
      const after = embed(model, picture)
      expect(after.shape).toEqual([1, width])
      expect([...after.dataSync()]).toEqual([...before.dataSync()])
      expect(headOf(model).includes('head.fc7')).toBe(name === 'alexnet')
      expect(model.outputs[0]!.shape).toEqual([null, 3])
      for (const disposable of [before, after, model]) disposable.dispose()
    },
  )

  it('of too few classes is refused', () => {
    const model = toyModel()
    expect(() => withHead(model, { classes: ['one'] })).toThrow('two classes or more')
    expect(() => withHead(model, { classes: [], outputs: 'values' })).toThrow('got []')
    model.dispose()
  })
})

describe('a linear SVM as the head', () => {
  it('names what the machines name, and is one savable model', async () => {
    const before = memory().numTensors
    const train = colours(60)
    const { model, svm } = await svmHead(toyModel(10), train, { c: 10, standardize: true })
    expect(svm.converged).toBe(true)
    const evaluation = await evaluate(model, colours(30, 2))
    expect(evaluation.accuracy).toBeGreaterThan(0.8)
    const { values } = await embedDataset(model, colours(30, 2))
    const decisions = decisionValues(svm, values)
    evaluation.pictures.forEach(({ predicted, probabilities }, i) => {
      const own = [...decisions.subarray(3 * i, 3 * i + 3)]
      expect(predicted).toBe(own.indexOf(Math.max(...own)))
      expect(Math.log(probabilities[0]! / probabilities[1]!)).toBeCloseTo(own[0]! - own[1]!, 3)
    })
    const x = randomUniform([2, 8, 8, 3], -1, 1, 'float32', 1)
    const { loaded, same } = await throughADisk(model, x)
    expect(same).toBe(true)
    expect(cardOf(loaded).labels).toEqual(classes)
    for (const disposable of [model, loaded, x]) disposable.dispose()
    expect(memory().numTensors).toBe(before)
  })
})

describe('nearest neighbours', () => {
  const known = {
    values: Float32Array.from([1, 0, 0.9, 0.1, 0, 5, 0.1, 0.8, 1, 1]),
    width: 2,
    labels: Int32Array.from([0, 0, 1, 1, 2]),
    classes: ['x', 'y', 'both'],
  }

  it('counts the votes of the nearest by angle or by distance', () => {
    const votes = (neighbors: number, metric: 'cosine' | 'euclidean', query: [number, number]): number[] => [
      ...nearestNeighbors(known, { neighbors, metric }).votes(Float32Array.from(query)),
    ]
    expect(votes(1, 'cosine', [0.1, 1.5])).toEqual([0, 1, 0])
    expect(votes(1, 'cosine', [0.01, 0.3])).toEqual([0, 1, 0]) // its direction is that of [0, 5], however far that is
    expect(votes(1, 'euclidean', [0.5, 0.45])).toEqual([1, 0, 0]) // 0.53 from [0.9, 0.1], 0.74 from [1, 1]
    expect(votes(4, 'euclidean', [0.6, 0.6])).toEqual([0.5, 0.25, 0.25])
  })

  it.each(['cosine', 'euclidean'] as const)('by %s are the same inside a model, saved and loaded', async (metric) => {
    const before = memory().numTensors
    const [train, held] = [colours(30), colours(12, 2)]
    const body = toyModel(10)
    const [examples, queries] = [await embedDataset(body, train), await embedDataset(body, held)]
    const expected = nearestNeighbors(examples, { neighbors: 3, metric }).votes(queries.values)
    const model = await nearestNeighborsHead(body, train, { neighbors: 3, metric })
    const { pictures, accuracy } = await evaluate(model, held)
    expect(accuracy).toBeGreaterThan(0.5)
    pictures
      .flatMap(({ probabilities }) => probabilities)
      .forEach((share, i) => {
        expect(share).toBeCloseTo(expected[i]!, 5)
      })
    const x = randomUniform([2, 8, 8, 3], -1, 1, 'float32', 1)
    const { loaded, same } = await throughADisk(model, x)
    expect(same).toBe(true)
    expect(loaded.trainableWeights.filter(({ name }) => name.startsWith('head'))).toEqual([])
    for (const disposable of [model, loaded, x]) disposable.dispose()
    expect(memory().numTensors).toBe(before)
  })

  it('are refused where there are fewer', async () => {
    expect(() => nearestNeighbors(known, { neighbors: 6 })).toThrow('6 nearest neighbours of 5')
    const model = toyModel()
    await expect(nearestNeighborsHead(model, colours(3))).rejects.toMatchObject({ code: 'BAD_NEIGHBORS' })
    model.dispose()
  })
})
