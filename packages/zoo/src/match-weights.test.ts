import '@tensorflow/tfjs-backend-cpu'
import type { NamedTensor, WeightFile } from '@cnnkit/weights'
import { memory, setBackend } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildNetwork } from './build-network.ts'
import { correspondences } from './dialect.ts'
import { inceptionV3Architecture } from './families/inception-v3.ts'
import { xceptionArchitecture } from './families/xception.ts'
import { matching } from './match-weights.ts'
import type { ModelOptions } from './model-options.ts'

beforeAll(() => setBackend('cpu'))

const built = (architecture = inceptionV3Architecture, options: ModelOptions = {}) =>
  buildNetwork(
    architecture,
    { inputShape: [75, 75, 3], ...options },
    { flavor: architecture.flavors[0]!, weightsFollow: true },
  )

/** A file of Keras with the weights of a network in Keras' order, under other names. */
function kerasFile(
  architecture: typeof inceptionV3Architecture,
  rename: (name: string, i: number) => string,
): WeightFile {
  const model = built(architecture)
  const tensors = correspondences(model, architecture.dialects[0]!).map(
    ({ theirs, shape }, i): NamedTensor => ({
      name: rename(theirs!, i),
      shape,
      dtype: 'float32',
      byteLength: 0,
      read: () => Promise.reject(new Error('nothing is read')),
    }),
  )
  model.dispose()
  const get = (name: string) => tensors.find((tensor) => tensor.name === name)
  return { format: 'keras-h5', source: 'test', tensors, metadata: {}, get, close: async () => {} }
}

/** As Keras counts where a session has made `more` such layers before. */
const countedFrom = (more: number) => (name: string) =>
  name.replace(/^(conv2d|batch_normalization)(?:_(\d+))?\//, (_, kind, n) => `${kind}_${Number(n ?? 0) + more}/`)

describe('weights and the tensors of a Keras file', () => {
  it.each([
    ['as Keras counts today', (name: string) => name],
    ['as Keras counted in 2016, from 1', countedFrom(1)],
    ['counted on from another model', countedFrom(94)],
    ['counted on from a few layers, so that most names are there', countedFrom(5)],
    ['of names that say nothing', (_: string, i: number) => `layer${i}`],
  ])('are paired one to one: %s', (_, rename) => {
    const before = memory().numTensors
    const model = built()
    const file = kerasFile(inceptionV3Architecture, rename)
    const { pairs, fresh } = matching(model, file, { dialects: inceptionV3Architecture.dialects, mayStayFresh: [] })
    const [keras] = inceptionV3Architecture.dialects
    const expected = correspondences(model, keras!).map(({ ours, theirs }, i) => [ours, rename(theirs!, i)])
    expect(pairs.map(({ ours, source }) => [ours, source.name])).toEqual(expected)
    expect(fresh).toEqual([])
    model.dispose()
    expect(memory().numTensors).toBe(before)
  })

  it('leave a head of other classes fresh, and go without a head, in a file read by order', () => {
    const file = kerasFile(xceptionArchitecture, (_, i) => `layer${i}`)
    const { dialects } = xceptionArchitecture
    const other = built(xceptionArchitecture, { classes: 5 })
    expect(matching(other, file, { dialects, mayStayFresh: ['head.logits'] }).fresh).toEqual(['head.logits'])
    expect(() => matching(other, file, { dialects, mayStayFresh: [] })).toThrow('The file does not fit xception')
    const headless = built(xceptionArchitecture, { includeTop: false })
    expect(matching(headless, file, { dialects, mayStayFresh: [] }).pairs).toHaveLength(234)
    for (const model of [other, headless]) model.dispose()
  })

  it('are refused where neither names nor order fit', () => {
    const model = built()
    const file = kerasFile(xceptionArchitecture, (name) => name)
    expect(() => matching(model, file, { dialects: inceptionV3Architecture.dialects, mayStayFresh: [] })).toThrow(
      /does not fit inception_v3 \(\d+ of 378 weights differ, read as "keras"\)/,
    )
    model.dispose()
  })
})
