import { fineTune, type Recipe } from '@cnnkit/transfer'
import { createModel } from '@cnnkit/zoo'
import type { Lab } from './lab.ts'

// A hidden layer is dropped from by half, so it may learn fast; the body is not moved at all.
const recipe: Recipe = { optimizer: { kind: 'adamw' }, learningRate: 1e-3, schedule: { kind: 'cosine' } }

/**
 * VGG-16 with a new classifier, and nothing else trained: the convolutions turn each picture into a grid of features once, and a small
 * fully connected network learns to read it.
 */
export const vgg16: Lab = async ({ train, validation }, { weights, size = 224, ...options }) => {
  const body = await createModel('vgg16', { weights, inputShape: [size, size, 3], includeTop: false })
  const { model, history } = await fineTune(body, train, {
    ...options,
    head: { kind: 'mlp', from: 'flatten', hidden: [256] },
    dropout: 0.5,
    policy: 'head',
    recipe,
    validation,
  })
  return { model, parts: [{ name: 'new classifier', history }] }
}
