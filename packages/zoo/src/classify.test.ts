import { wasm } from '@cnnkit/backend-wasm'
import { cardOf, setCard } from '@cnnkit/layers'
import { memory } from '@tensorflow/tfjs-core'
import {
  type LayersModel,
  layers,
  model as layersModel,
  type SymbolicTensor,
  sequential,
} from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { classify, createModel, type ModelOptions } from './index.ts'

beforeAll(async () => {
  await wasm().start()
})

const picture = {
  data: Uint8Array.from({ length: 80 * 64 * 3 }, (_, i) => (i * 7919) % 256),
  width: 80,
  height: 64,
  channels: 3,
} as const

const small = (options: ModelOptions = {}): Promise<LayersModel> =>
  createModel('mobilenet_v2_035', { weights: null, seed: 5, inputShape: [64, 64, 3], classes: 4, ...options })

async function probabilities(model: LayersModel): Promise<readonly number[]> {
  const before = memory().numTensors
  await classify(model, picture)
  // The fused form is made by the first call and kept.
  const kept = memory().numTensors
  const found = await classify(model, picture)
  expect(kept).toBeGreaterThanOrEqual(before)
  expect(memory().numTensors).toBe(kept)
  return [...found].sort((a, b) => a.index - b.index).map(({ probability }) => probability)
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** A model of other layers that goes on from a network's logits, with the network's card. */
function carded(model: LayersModel, end: (logits: LayersModel) => LayersModel): LayersModel {
  const made = end(model)
  setCard(made, cardOf(model))
  return made
}

describe('classify', () => {
  it('gives the same probabilities whether softmax is in the model, a layer of its own, or left to it', async () => {
    const expected = await probabilities(await small())
    expect(sum(expected)).toBeCloseTo(1, 5)
    const linear = () => small({ activation: 'linear' })
    const ends: Record<string, (logits: LayersModel) => LayersModel> = {
      'left out': (logits) => logits,
      'a layer of its own': (logits) =>
        layersModel({ inputs: logits.inputs, outputs: layers.softmax().apply(logits.outputs[0]!) as SymbolicTensor }),
      'before a layer that reshapes': (logits) => {
        const y = layers.softmax().apply(logits.outputs[0]!)
        return layersModel({
          inputs: logits.inputs,
          outputs: layers.reshape({ targetShape: [4] }).apply(y) as SymbolicTensor,
        })
      },
      'in a sequence of models': (logits) =>
        sequential({ layers: [logits, layers.activation({ activation: 'softmax' })] }),
    }
    for (const [where, end] of Object.entries(ends)) {
      const found = await probabilities(carded(await linear(), end))
      for (const [i, value] of found.entries()) expect(value, where).toBeCloseTo(expected[i]!, 5)
    }
  })

  it('asks a network with auxiliary heads, and not the heads', async () => {
    const options = { weights: null, flavor: 'torchvision', classes: 3, seed: 2, inputShape: [96, 96, 3] } as const
    const expected = await probabilities(await createModel('googlenet', options))
    for (const name of ['googlenet', 'inception_v3'] as const) {
      const model = await createModel(name, { ...options, auxiliary: true })
      const found = await probabilities(model)
      expect(sum(found)).toBeCloseTo(1, 5)
      if (name === 'googlenet') for (const [i, value] of found.entries()) expect(value).toBeCloseTo(expected[i]!, 5)
    }
  })

  it('gives each tag a probability of its own', async () => {
    const model = await small({ activation: 'sigmoid' })
    setCard(model, { ...cardOf(model), labels: ['beach', 'night', 'people', 'snow'], outputs: 'tags' })
    const found = await classify(model, picture, { top: 2 })
    expect(found).toHaveLength(2)
    expect(['beach', 'night', 'people', 'snow']).toContain(found[0]!.name)
    const all = await probabilities(model)
    expect(
      all.every((value) => value > 0.2 && value < 0.8),
      `${all}`,
    ).toBe(true)
    expect(sum(all)).not.toBeCloseTo(1, 1)
  })

  it('refuses a model of quantities, and says what tells them', async () => {
    const model = await small({ activation: 'linear', classes: 2 })
    setCard(model, { ...cardOf(model), labels: ['age', 'weight'], outputs: 'values' })
    const before = memory().numTensors
    const refused = classify(model, picture)
    await expect(refused).rejects.toMatchObject({ code: 'NO_CLASSES' })
    await expect(refused).rejects.toThrow(
      'tells quantities (age, weight), not classes. Take `model.predict(preprocess(',
    )
    expect(memory().numTensors).toBe(before)
  })
})
