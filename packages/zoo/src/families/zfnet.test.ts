import '@tensorflow/tfjs-backend-cpu'
import { costOf, stages } from '@cnnkit/layers'
import { setBackend } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { built } from '../testing/built.ts'

beforeAll(() => setBackend('cpu'))

describe('ZFNet', () => {
  it('has the parameters of figure 3, and those of zfnet512', async () => {
    // facts/papers.json (imgclsmob's count); the size of zfnet512-9.onnx in facts/slim.json is four bytes a parameter and its graph.
    const [paper, onnx] = [await built('zfnet', { flavor: 'paper' }), await built('zfnet', { flavor: 'onnx' })]
    expect(paper.countParams()).toBe(62357608)
    expect(onnx.countParams()).toBe(87250536)
    expect(349005372 - 4 * onnx.countParams()).toBeGreaterThan(0)
    expect(349005372 - 4 * onnx.countParams()).toBeLessThan(10_000)
    for (const model of [paper, onnx]) model.dispose()
  })

  it('has the multiply-accumulates of figure 3, by hand', async () => {
    const model = await built('zfnet', { flavor: 'paper' })
    const convolutions = 110 ** 2 * 7 * 7 * 3 * 96 + 26 ** 2 * 5 * 5 * 96 * 256
    const others = 13 ** 2 * 9 * (256 * 384 + 384 * 384 + 384 * 256)
    const dense = 9216 * 4096 + 4096 * 4096 + 4096 * 1000
    expect(costOf(model).multiplyAccumulates).toBe(convolutions + others + dense)
    model.dispose()
  })

  it.each([
    ['paper', [55, 55, 96, 4], [13, 13, 256, 16], [6, 6, 256, 32]],
    ['onnx', [54, 54, 96, 4], [12, 12, 256, 16], [6, 6, 512, 32]],
  ])('has the grids of the flavor %s', async (flavor, stem, stage1, stage2) => {
    const model = await built('zfnet', { flavor })
    const grids = stages(model).filter(({ name }) => name !== 'head')
    const rows = grids.map(({ name, output, reduction }) => [name, [...output.shape.slice(1), reduction]])
    expect(Object.fromEntries(rows)).toEqual({ stem, stage1, stage2 })
    model.dispose()
  })

  it.each([
    [{ includeTop: false, pooling: 'avg' }, [null, 512]],
    [{ flavor: 'paper', classes: 5, inputShape: [96, 128, 1] }, [null, 5]],
    [{ inputShape: [null, null, 3], includeTop: false }, [null, null, null, 512]],
  ] as const)('%o gives the output %o', async (options, shape) => {
    const model = await built('zfnet', options)
    expect(model.outputShape).toEqual(shape)
    model.dispose()
  })
})
