import '@tensorflow/tfjs-backend-cpu'
import { setBackend } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { correspondences } from './dialect.ts'
import { builtFrom, originals } from './testing/original.ts'

// Keras' old files are read by order: that of `model.layers`, sorted by depth. NASNet's separable convolutions stand side by side, and
// what is one layer in Keras is two here; its files have names.
const ordered = originals(/\.keras\.json$/).filter(({ network }) => !network.startsWith('nasnet'))

beforeAll(() => setBackend('cpu'))

describe("the order of Keras' files", () => {
  it.each(ordered.map((original) => [original.network, original] as const))('is that of %s', async (_, original) => {
    const { model, dialect } = await builtFrom(original)
    const ours = correspondences(model, dialect).map(({ theirs }) => theirs)
    model.dispose()
    expect(ours).toEqual(original.tensors.map(({ name }) => name))
  })
})
