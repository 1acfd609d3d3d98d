import '@tensorflow/tfjs-backend-cpu'
import { setBackend } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { matching } from './match-weights.ts'
import { formulaWeights } from './testing/formula.ts'
import { builtFrom, originals } from './testing/original.ts'

beforeAll(() => setBackend('cpu'))

/** What lies among the weights of these graphs and is none (onnx 1.23.2, backend/test/data/light): targets of Reshape, a queue's name. */
const others: Readonly<Record<string, readonly string[]>> = {
  alexnet: ['OC2_DUMMY_1'],
  zfnet: ['gpu_0/imagenet1k_blobs_queue_e24a6638-b332-4e67-a127-91f5e17e2e11_0', 'OC2_DUMMY_1'],
  vgg19: ['OC2_DUMMY_1'],
  resnet50: ['gpu_0/imagenet1k_blobs_queue_f22e83c9-22cd-4a8b-a66d-113af6b832b4_0', 'OC2_DUMMY_1'],
  googlenet: ['OC2_DUMMY_1', 'OC2_DUMMY_3'],
  inception_v2: ['OC2_DUMMY_139'],
}

describe("a file of ONNX's model zoo", () => {
  const published = originals().filter(({ source, network }) => source.startsWith('onnx') && network in others)

  it('is there for each of these networks', () => {
    expect([...new Set(published.map(({ network }) => network))].sort()).toEqual(Object.keys(others).sort())
  })

  it.each(published.map((original) => [original.file, original] as const))(
    'fits with all it holds: %s',
    async (_, original) => {
      const { model, dialect } = await builtFrom(original)
      const tensors = [...original.tensors, ...others[original.network]!.map((name) => ({ name, shape: [2] }))]
      const file = formulaWeights({ ...original, tensors })
      const { pairs, fresh } = matching(model, file, { dialects: [dialect], mayStayFresh: [] })
      expect(fresh).toEqual([])
      expect(pairs).toHaveLength(model.weights.length)
      model.dispose()
    },
  )
})
