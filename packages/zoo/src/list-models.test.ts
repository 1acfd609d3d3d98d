import { describe, expect, it } from 'vitest'
import { listModels } from './list-models.ts'
import { architectureOf, modelNames } from './models.ts'

describe('listModels', () => {
  it('gives all names, and those that a pattern fits', () => {
    expect(listModels()).toEqual(modelNames)
    expect(listModels({ filter: 'mobilenet_v1_*' })).toEqual([
      'mobilenet_v1_025',
      'mobilenet_v1_050',
      'mobilenet_v1_075',
      'mobilenet_v1_100',
    ])
    expect(listModels({ filter: 'resnet1?1' })).toEqual(['resnet101'])
    expect(listModels({ filter: '*net_large' })).toEqual(['nasnet_large'])
  })

  it('takes a pattern as a whole and its signs as themselves', () => {
    expect(listModels({ filter: 'resnet' })).toEqual([])
    expect(listModels({ filter: 'resnet.*' })).toEqual([])
    expect(listModels({ filter: '(resnet50' })).toEqual([])
  })

  it('knows which networks have published weights', async () => {
    const recorded = new Set<string>()
    for (const name of modelNames) if ((await architectureOf(name)).records.length > 0) recorded.add(name)
    expect(listModels({ weights: true })).toEqual(modelNames.filter((name) => recorded.has(name)))
    expect(listModels({ weights: false })).toEqual(modelNames.filter((name) => !recorded.has(name)))
    expect(listModels({ filter: 'plain*', weights: true })).toEqual([])
  })
})
