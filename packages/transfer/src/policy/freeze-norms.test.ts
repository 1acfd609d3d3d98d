import '@tensorflow/tfjs-backend-cpu'
import { createModel } from '@cnnkit/zoo'
import { memory } from '@tensorflow/tfjs-core'
import { expect, it } from 'vitest'
import { freezeNorms } from './freeze-norms.ts'
import { applyPolicy } from './policy.ts'

it('keeps the norms below the head from training, and gives them back', async () => {
  const model = await createModel('resnet20_cifar', { weights: null, classes: 2 })
  applyPolicy(model, 'last-stage')
  const trained = (): string[] => model.trainableWeights.map(({ originalName }) => originalName)
  const before = trained()
  expect(before.some((name) => name.endsWith('gamma'))).toBe(true)
  const thaw = freezeNorms(model)
  expect(trained().some((name) => /gamma|beta/.test(name))).toBe(false)
  expect(trained().filter((name) => name.includes('kernel'))).toEqual(before.filter((name) => name.includes('kernel')))
  thaw()
  expect(trained()).toEqual(before)
  model.dispose()
  expect(memory().numTensors).toBe(0)
})
