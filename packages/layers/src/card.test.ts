import '@tensorflow/tfjs-backend-cpu'
import { setBackend } from '@tensorflow/tfjs-core'
import { input, type LayersModel, layers, model as makeModel } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Card, cardOf, setCard } from './index.ts'

const card: Card = {
  version: 1,
  architecture: 'tiny',
  flavor: 'keras',
  preprocessing: {
    size: [8, 8],
    resize: 'stretch',
    cropFraction: 1,
    filter: 'bilinear',
    channelOrder: 'rgb',
    mean: [0, 0, 0],
    std: [1, 1, 1],
  },
  labels: ['ant', 'bee'],
  weights: null,
}

let model: LayersModel
beforeAll(async () => {
  await setBackend('cpu')
  const x = input({ shape: [2] })
  model = makeModel({ inputs: x, outputs: layers.dense({ units: 2 }).apply(x) as never, name: 'plain' })
})

describe('cards', () => {
  it('says what to do for a model that has none', () => {
    expect(() => cardOf(model)).toThrow('The model "plain" carries no card')
  })

  it('keeps other metadata of the model', () => {
    model.setUserDefinedMetadata({ author: 'me' })
    setCard(model, card)
    expect(cardOf(model)).toEqual(card)
    expect(model.getUserDefinedMetadata()).toHaveProperty('author', 'me')
  })
})
