import '@tensorflow/tfjs-backend-cpu'
import { setBackend } from '@tensorflow/tfjs-core'
import { input, type LayersModel, model as makeModel, type SymbolicTensor } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { classifier, endpoint, globalPool, layersAt, layersFrom, rootScope, separable, stages } from './index.ts'
import { tiny } from './tiny.fixture.ts'

let model: LayersModel

beforeAll(async () => {
  await setBackend('cpu')
  const scope = rootScope({ flavor: tiny, weightsFollow: true })
  const x = input({ shape: [32, 32, 3], name: 'input' })
  let y = separable(x, scope.at('stem'), { filters: 4, strides: 2 })
  for (const stage of ['stage1', 'stage2']) {
    y = separable(y, scope.at(stage).at('block1'), { filters: 4, strides: 2 })
    y = separable(y, scope.at(stage).at('block2'), { filters: 4 })
  }
  y = classifier(globalPool(y, scope.at('head'), 'avg'), scope.at('head'), { classes: 3 })
  model = makeModel({ inputs: x, outputs: y, name: 'tiny' })
})

const height = (tensor: SymbolicTensor): number | null | undefined => tensor.shape[1]

describe('paths', () => {
  it('names a stage, a block or a layer', () => {
    expect(height(endpoint(model, 'stage1'))).toBe(8)
    expect(endpoint(model, 'stage1').id).toBe(endpoint(model, 'stage1.block2.pointwise.relu').id)
    expect(layersAt(model, 'stage1.block1.depthwise').map(({ name }) => name)).toEqual([
      'stage1.block1.depthwise',
      'stage1.block1.depthwise.norm',
      'stage1.block1.depthwise.relu',
    ])
  })

  it('does not take a name for the beginning of another', () => {
    expect(() => layersAt(model, 'stage')).toThrow('No layer "stage"')
  })

  it('lists the stages with their reduction', () => {
    expect(stages(model).map(({ name, reduction }) => [name, reduction])).toEqual([
      ['stem', 2],
      ['stage1', 4],
      ['stage2', 8],
      ['head', undefined],
    ])
  })

  it('takes strides for the reduction, as unpadded borders make the grid smaller still', () => {
    const scope = rootScope({ flavor: tiny, weightsFollow: true })
    const x = input({ shape: [null, null, 3], name: 'input' })
    const y = separable(x, scope.at('stem'), { filters: 4, strides: 2, padding: 'valid' })
    const unpadded = makeModel({
      inputs: x,
      outputs: separable(y, scope.at('stage1'), { filters: 4, padding: 'valid' }),
    })
    expect(stages(unpadded).map(({ reduction }) => reduction)).toEqual([2, 2])
    unpadded.dispose()
  })

  it.each([
    ['stage2', 'stage2.block1.depthwise'],
    ['head', 'head.pool'],
    [{ lastStages: 1 }, 'stage2.block1.depthwise'],
    [{ lastStages: 2 }, 'stage1.block1.depthwise'],
    [{ reduction: 4 }, 'stage1.block1.depthwise'],
  ] as const)('%o starts at %s', (where, first) => {
    const found = layersFrom(model, where)
    expect(found[0]!.name).toBe(first)
    expect(found.at(-1)!.name).toBe('head.scores')
  })

  it('says what there is when a place is not', () => {
    expect(() => endpoint(model, 'stage6')).toThrow('No layer "stage6". tiny has stem, stage1, stage2, head.')
    expect(() => endpoint(model, 'stage1.block9')).toThrow('No layer "stage1.block9". "stage1" has block1, block2.')
    expect(() => layersFrom(model, { lastStages: 3 })).toThrow('stage1 (reduction 4), stage2 (reduction 8)')
    expect(() => layersFrom(model, { lastStages: 0 })).toThrow('No stage with {"lastStages":0}')
  })
})
