import '@tensorflow/tfjs-backend-cpu'
import { flip, mixup, type TargetDataset, targetDataset } from '@cnnkit/images'
import { cardOf } from '@cnnkit/layers'
import { memory, setBackend } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  evaluate,
  evaluateTargets,
  type FineTuneOptions,
  fineTune,
  fit,
  lrFind,
  type Recipe,
  withHead,
} from '../index.ts'
import { colours, memoryStore, toyModel } from '../toy.fixture.ts'

beforeAll(() => setBackend('cpu'))

const recipe: Recipe = { optimizer: { kind: 'adamw' }, learningRate: 0.05, schedule: { kind: 'cosine' } }

/** The coloured pictures, told of by numbers. */
function numbers(
  size: number,
  names: readonly string[],
  target: (label: number) => readonly number[],
  seed = 1,
): TargetDataset {
  const pictures = colours(size, seed)
  return targetDataset({
    names,
    items: Array.from({ length: size }, (_, i) => ({
      id: pictures.id(i),
      target: target(pictures.label(i)),
      read: () => pictures.picture(i),
    })),
  })
}

const warmOrGreen = (label: number): readonly number[] => [label === 0 ? 1 : 0, label < 2 ? 1 : 0] // red; red or green
const wavelength = (label: number): readonly number[] => [[6.5, 5.3, 4.6][label]!]

describe('a head for tags', () => {
  it('learns which of them are true of a picture, any number of them', async () => {
    const before = memory().numTensors
    const data = numbers(48, ['red', 'not blue'], warmOrGreen)
    const held = numbers(24, ['red', 'not blue'], warmOrGreen, 2)
    const { model, history } = await fineTune(toyModel(), data, {
      head: { outputs: 'tags' },
      policy: 'last-stage',
      recipe,
      epochs: 20,
      validation: held,
    })
    expect(cardOf(model)).toMatchObject({ labels: ['red', 'not blue'], outputs: 'tags' })
    expect(history[19]!.loss).toBeLessThan(history[0]!.loss / 2)
    expect(history[19]!.validationAccuracy).toBeGreaterThan(0.9)
    const { outputs, tags, values } = await evaluateTargets(model, held)
    expect(values).toBeUndefined()
    expect(tags!.map(({ name }) => name)).toEqual(['red', 'not blue'])
    expect(tags![0]!.support).toBe(8)
    for (const { f1, averagePrecision } of tags!) expect(Math.min(f1, averagePrecision)).toBeGreaterThan(0.85)
    const right = outputs.flatMap((row, i) => row.map((share, k) => share > 0.5 === held.target(i)[k]! > 0.5))
    expect(right.filter(Boolean).length / right.length).toBeCloseTo(history[19]!.validationAccuracy!, 6)
    model.dispose()
    expect(memory().numTensors).toBe(before)
  })
})

describe('a head for values', () => {
  it.each([undefined, { kind: 'huber', delta: 0.5 }] as const)('learns quantities, with the loss %o', async (loss) => {
    const before = memory().numTensors
    const data = numbers(48, ['hundred nanometres'], wavelength)
    const { model, history } = await fineTune(toyModel(), data, {
      head: { outputs: 'values', kind: 'mlp', hidden: [8] },
      policy: 'last-stage',
      recipe: { ...recipe, ...(loss && { loss }) },
      epochs: 40,
      validation: data,
    })
    const { values, outputs } = await evaluateTargets(model, data)
    expect(outputs).toHaveLength(48)
    expect(values![0]!.r2).toBeGreaterThan(0.8)
    expect(history[39]!.validationAccuracy).toBeCloseTo(values![0]!.r2, 4)
    if (!loss) expect(history[39]!.validationLoss).toBeCloseTo(values![0]!.rootMeanSquare ** 2, 4)
    model.dispose()
    expect(memory().numTensors).toBe(before)
  })

  it('gives the same from kept features as from pictures run anew, and after a stop', async () => {
    const losses: number[][] = []
    const run = async (options: Partial<FineTuneOptions>): Promise<void> => {
      const data = numbers(20, ['hundred nanometres'], wavelength)
      const shared = { head: { outputs: 'values' }, recipe, epochs: 4, batchSize: 8 } as const
      const { model, history } = await fineTune(toyModel(), data, { ...shared, ...options })
      losses.push(history.map(({ loss }) => loss))
      model.dispose()
    }
    await run({})
    await run({ cacheBytes: 0 })
    const [controller, checkpoint] = [new AbortController(), memoryStore()]
    const stop = {
      signal: controller.signal,
      onProgress: ({ epoch }: { epoch: number }) => epoch === 2 && controller.abort(),
    }
    await expect(run({ checkpoint, ...stop })).rejects.toMatchObject({ code: 'ABORTED' })
    await run({ checkpoint })
    losses[0]!.forEach((loss, i) => {
      expect(losses[1]![i]).toBeCloseTo(loss, 5)
      expect(losses[2]![i]).toBe(loss)
    })
  })
})

it('lrFind goes up and down the loss of tags', async () => {
  const data = numbers(12, ['red', 'not blue'], warmOrGreen)
  const model = withHead(toyModel(), { classes: data.classes, outputs: 'tags', seed: 1 })
  const { points } = await lrFind(model, data, { recipe, batchSize: 6, from: 1e-4, to: 1, steps: 20 })
  // A fresh head knows nothing: ln 2 for each tag.
  expect(points[0]!.loss).toBeGreaterThan(0.4)
  expect(points[0]!.loss).toBeLessThan(1.2)
  expect(Math.min(...points.map(({ loss }) => loss))).toBeLessThan(points[0]!.loss)
  model.dispose()
})

describe('numbers in place of a class', () => {
  it('need a head for them, and the other way round', async () => {
    const data = numbers(6, ['a', 'b'], warmOrGreen)
    await expect(fineTune(toyModel(), data, { recipe, epochs: 1 })).rejects.toThrow('have tags or quantities')
    const tags = withHead(toyModel(), { classes: ['red', 'green', 'blue'], outputs: 'tags' })
    await expect(fit(tags, colours(6), { recipe, epochs: 1 })).rejects.toThrow('the pictures have classes')
    await expect(evaluate(tags, colours(6))).rejects.toThrow('Use evaluateTargets')
    await expect(evaluateTargets(tags, colours(6))).rejects.toMatchObject({ code: 'CLASS_MISMATCH' })
    tags.dispose()
  })

  it('cannot be mixed or weighed by class, but changed at random', async () => {
    const data = numbers(6, ['a', 'b'], warmOrGreen)
    const shared = { head: { outputs: 'tags' }, recipe, epochs: 1 } as const
    await expect(fineTune(toyModel(), data, { ...shared, mix: mixup() })).rejects.toMatchObject({ code: 'NO_CLASSES' })
    await expect(fineTune(toyModel(), data, { ...shared, classWeights: [1, 2] })).rejects.toMatchObject({
      code: 'NO_CLASSES',
    })
    const { model, history } = await fineTune(toyModel(), data, { ...shared, augment: flip() })
    expect(history).toHaveLength(1)
    model.dispose()
  })
})
