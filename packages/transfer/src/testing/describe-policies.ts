import { wasm } from '@cnnkit/backend-wasm'
import { pictureDataset, random } from '@cnnkit/images'
import { stages } from '@cnnkit/layers'
import { architectureOf, createModel, type ModelName } from '@cnnkit/zoo'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { applyPolicy, trainedStages } from '../policy/policy.ts'
import type { Recipe } from '../recipes/recipe.ts'
import { fit } from '../training/fit.ts'

/** A network in one of its flavors. */
export interface Form {
  readonly network: ModelName
  readonly flavor: string
}

const recipe: Recipe = {
  optimizer: { kind: 'sgd', momentum: 0 },
  learningRate: 0.05,
  schedule: { kind: 'constant' },
  auxiliaryWeight: 0.3,
  // So that a network that is sure of its four pictures, as a very deep fresh one soon is, still has a gradient.
  labelSmoothing: 0.1,
}

/** Holds policies to what they promise on each network: what is frozen is the same to the bit after a step, and the rest has moved. */
export function describePolicies(forms: readonly Form[]): void {
  beforeAll(async () => {
    await wasm().start()
  })

  describe.each(forms)('$network in the flavor $flavor', ({ network, flavor }) => {
    let model: LayersModel
    let auxiliary = false
    let size = 0
    beforeAll(async () => {
      const { minimumSize, auxiliary: heads = [] } = await architectureOf(network)
      auxiliary = heads.some(({ flavors }) => flavors === undefined || flavors.includes(flavor))
      // Twice the smallest input, so that norms of the last grid see more than one pixel; the auxiliary heads need their own share.
      size = Math.max(2 * minimumSize, auxiliary ? 224 : 0)
      const shape = { inputShape: [size, size, 3], classes: 3, dropout: 0 } as const
      model = await createModel(network, { weights: null, flavor, seed: 1, auxiliary, ...shape })
    })
    afterAll(() => model?.dispose())

    it.each(['as-is', 'head', 'last-stage', 'all'] as const)('keeps what is frozen to the bit: %s', async (policy) => {
      applyPolicy(model, policy)
      const names = stages(model).map(({ name }) => name)
      const open = { 'as-is': [], head: ['head'], 'last-stage': names.slice(-2), all: names }[policy]
      expect(trainedStages(model)).toEqual(open.filter((name) => hasWeights(model, name)))
      const before = weightsOf(model)
      if (policy === 'as-is') return expect(model.trainableWeights).toEqual([])
      await fit(model, noise(size), { recipe, epochs: 1, batchSize: 4 })
      const moved = movedOf(before, weightsOf(model))
      const trained = new Set(policy === 'all' && auxiliary ? [...open, 'aux1', 'aux2', 'aux'] : open)
      for (const name of moved) expect(trained, `${name} moved`).toContain(stageOf(name))
      const expected = before.filter(([name]) => trained.has(stageOf(name)))
      expect(moved.length).toBeGreaterThanOrEqual(expected.length / 2) // fresh features can be too small to move a kernel
      for (const stage of open) {
        const own = moved.filter((name) => stageOf(name) === stage)
        if (!hasWeights(model, stage)) continue
        expect(own.length, `weights of ${stage} that moved`).toBeGreaterThan(0)
        const statistics = expected.filter(([name]) => stageOf(name) === stage && /moving_/.test(name))
        for (const [name] of statistics) expect(own, `statistics of ${stage}`).toContain(name)
      }
    })
  })
}

type Weights = readonly (readonly [name: string, values: Float32Array])[]

const stageOf = (name: string): string => name.split('.')[0]!

function hasWeights(model: LayersModel, stage: string): boolean {
  return model.layers.some((layer) => stageOf(layer.name) === stage && layer.weights.length > 0)
}

function weightsOf(model: LayersModel): Weights {
  return model.layers.flatMap((layer) =>
    layer.weights.map(
      (weight) => [`${layer.name}/${weight.originalName}`, weight.read().dataSync<'float32'>().slice()] as const,
    ),
  )
}

/** Names of the weights of which any bit is another. */
function movedOf(before: Weights, after: Weights): string[] {
  return before.filter(([, values], i) => !same(values, after[i]![1])).map(([name]) => name)
}

function same(a: Float32Array, b: Float32Array): boolean {
  return (
    Buffer.compare(
      Buffer.from(a.buffer, a.byteOffset, a.byteLength),
      Buffer.from(b.buffer, b.byteOffset, b.byteLength),
    ) === 0
  )
}

function noise(size: number): ReturnType<typeof pictureDataset> {
  return pictureDataset({
    classes: ['a', 'b', 'c'],
    items: Array.from({ length: 4 }, (_, i) => ({
      id: `${i}.png`,
      label: i % 3,
      read: async () => {
        const values = random(1, i)
        const data = Uint8Array.from({ length: size * size * 3 }, () => values.integer(256))
        return { data, width: size, height: size, channels: 3 as const }
      },
    })),
  })
}
