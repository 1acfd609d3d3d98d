import { fineTune, fineTuneRecipe, fit } from '@cnnkit/transfer'
import { createModel } from '@cnnkit/zoo'
import type { Lab } from './lab.ts'

/** From here on the body is trained in the second part: Keras' `block_11` and all behind it, as in TensorFlow's tutorial. */
const LAST_PART = 'stage4.block6'

/**
 * MobileNet v2 in two parts: first a new classifier on the frozen body, then the last part of the body along with it, ten times as
 * slowly. The order matters: what a fresh classifier sends back would spoil what the body knows.
 */
export const mobilenetV2: Lab = async ({ train, validation }, { weights, size = 224, ...options }) => {
  const body = await createModel('mobilenet_v2_100', { weights, inputShape: [size, size, 3], includeTop: false })
  const first = await fineTune(body, train, { ...options, dropout: 0.2, policy: 'head', validation })
  const second = await fit(first.model, train, {
    ...options,
    policy: { from: LAST_PART },
    recipe: { ...fineTuneRecipe, learningRate: fineTuneRecipe.learningRate / 10, bodyRate: 1 },
    validation,
  })
  const parts = [
    { name: 'new classifier', history: first.history },
    { name: `the body from ${LAST_PART} on`, history: second.history },
  ]
  return { model: first.model, parts }
}
