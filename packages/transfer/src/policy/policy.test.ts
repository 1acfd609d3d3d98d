import '@tensorflow/tfjs-backend-cpu'
import { layersAt, stages } from '@cnnkit/layers'
import { setBackend } from '@tensorflow/tfjs-core'
import { input, type LayersModel, model as layersModel, type SymbolicTensor, sequential } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { toyModel } from '../toy.fixture.ts'
import { applyPolicy, type Policy, trainedStages } from './policy.ts'
import { rateFactors } from './rates.ts'
import { recommendPolicy } from './recommend.ts'

beforeAll(() => setBackend('cpu'))

describe('a policy', () => {
  it.each([
    ['as-is', []],
    ['head', ['head']],
    ['last-stage', ['stage2', 'head']],
    ['all', ['stem', 'stage1', 'stage2', 'head']],
    [{ from: 'stage1' }, ['stage1', 'stage2', 'head']],
    [{ from: { lastStages: 2 } }, ['stage1', 'stage2', 'head']],
    [{ from: { reduction: 2 } }, ['stage1', 'stage2', 'head']],
    [{ from: 'head.logits' }, ['head']],
  ] as readonly [Policy, string[]][])('%o trains %o', (policy, expected) => {
    const model = toyModel()
    applyPolicy(model, policy)
    expect(trainedStages(model)).toEqual(expected)
    model.dispose()
  })

  it('that is gradual thaws a stage more every so many epochs, from the end, and stops where it is told', () => {
    const model = toyModel()
    const thawed = (policy: Policy): number[] =>
      [0, 1, 2, 3, 4, 5, 6, 9].map((epoch) => {
        applyPolicy(model, policy, epoch)
        return trainedStages(model).length
      })
    expect(thawed({ gradual: { every: 2 } })).toEqual([1, 1, 2, 2, 3, 3, 4, 4])
    expect(thawed({ gradual: { every: 1, until: 'stage1' } })).toEqual([1, 2, 3, 3, 3, 3, 3, 3])
    expect(() => applyPolicy(model, { gradual: { every: 1, until: 'stage9' } })).toThrow('No layer "stage9"')
    model.dispose()
  })

  it('reaches into a model that is a layer of another', () => {
    const inner = toyModel()
    const x = input({ shape: [8, 8, 3] })
    const outer = layersModel({ inputs: x, outputs: inner.apply(x) as SymbolicTensor })
    applyPolicy(outer, 'as-is')
    expect(outer.trainableWeights).toEqual([])
    applyPolicy(outer, 'last-stage')
    expect(trainedStages(outer)).toEqual(['stage2', 'head'])
    expect(outer.trainableWeights).toHaveLength(5) // kernel, gamma, beta; kernel, bias
    outer.dispose()
  })

  it('leaves no compile behind that trains by the old list', () => {
    const model = toyModel()
    model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' })
    applyPolicy(model, 'head')
    expect(model.optimizer).toBeNull()
    model.dispose()
  })

  it('needs a place that the network has', () => {
    const model = toyModel()
    expect(() => applyPolicy(model, { from: 'stage7' })).toThrow('toy has stem, stage1, stage2, head')
    model.dispose()
    const plain = sequential()
    expect(() => applyPolicy(plain as unknown as LayersModel, { from: { lastStages: 1 } })).toThrow()
  })
})

describe('rates by stage', () => {
  const factors = (rates: Record<string, number>): number[] => {
    const model = toyModel()
    const factor = rateFactors(model, rates)
    const result = stages(model).map(({ layers }) => factor(layers[0]!.name))
    model.dispose()
    return result
  }

  it('are what is said of each, and 1 where nothing is', () => {
    expect(factors({ head: 1, stage2: 0.3, stage1: 0.1 })).toEqual([1, 0.1, 0.3, 1])
  })

  it('fall from the head by a decay', () => {
    expect(factors({ decay: 2 })).toEqual([0.125, 0.25, 0.5, 1])
  })

  it('of a longer path count before those of a shorter one, and do not leak into names alike', () => {
    const model = toyModel()
    const factor = rateFactors(model, { stage1: 0.5, 'stage1.conv': 0.25 })
    expect([factor('stage1.conv'), factor('stage1.conv.norm'), factor('stage1.pool'), factor('stage12.conv')]).toEqual([
      0.25, 0.25, 0.5, 1,
    ])
    model.dispose()
  })

  it('are refused for places that are not there and for what is no factor', () => {
    expect(() => factors({ stage7: 1 })).toThrow('No layer "stage7"')
    expect(() => factors({ stage1: -1 })).toThrow('The rate of "stage1" is -1')
  })
})

describe('recommendPolicy', () => {
  it.each([
    [10000, 1000, 'same', 'as-is', undefined],
    [200, 40, 'near', 'head', 'svm'],
    [244, 2, 'near', 'last-stage', 'linear'],
    [160, 5, 'near', 'head', 'linear'],
    [160, 5, 'far', 'last-stage', 'linear'],
    [3000, 10, 'far', { from: { lastStages: 2 } }, 'linear'],
    [50000, 10, 'far', 'all', 'linear'],
    [50000, 10, 'near', 'all', 'linear'],
  ] as const)('for %i pictures of %i classes that are %s says %o', (samples, classes, similarity, policy, head) => {
    const said = recommendPolicy({ samples, classes, similarity })
    expect(said).toMatchObject({ policy, ...(head && { head }) })
    expect(said.head).toBe(head)
    expect(said.reasons.length).toBeGreaterThan(0)
    if (similarity !== 'same') expect(said.reasons[0]).toContain(`${samples} pictures of ${classes} classes`)
  })

  it('names a policy that a network can be given', () => {
    const model = toyModel()
    const { policy } = recommendPolicy({ samples: 3000, classes: 10, similarity: 'far' })
    applyPolicy(model, policy)
    expect(layersAt(model, 'stage1')[0]!.trainable).toBe(true)
    expect(layersAt(model, 'stem')[0]!.trainable).toBe(false)
    model.dispose()
  })
})
