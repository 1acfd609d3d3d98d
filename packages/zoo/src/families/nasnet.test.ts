import '@tensorflow/tfjs-backend-cpu'
import { costOf, layersAt, stages } from '@cnnkit/layers'
import type { NamedTensor, WeightFile } from '@cnnkit/weights'
import { memory, setBackend } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { assignWeights } from '../assign-weights.ts'
import { createModel } from '../create-model.ts'
import { correspondences } from '../dialect.ts'
import { asInFiles } from '../match-weights.ts'
import { architectureOf } from '../models.ts'
import { built } from '../testing/built.ts'
import { formulaWeights } from '../testing/formula.ts'
import { originals } from '../testing/original.ts'

beforeAll(() => setBackend('cpu'))

describe('NASNet-A', () => {
  // keras.applications.nasnet (facts/keras-applications.json and the sums of facts/keras-layers).
  it.each([
    ['nasnet_mobile', 5326716, 5289978, 4269716, 563638816],
    ['nasnet_large', 88949818, 88753150, 84916818, 23783414658],
  ] as const)(
    "%s has Keras' parameters and multiply-accumulates, to the digit",
    async (name, all, trainable, bare, macs) => {
      const model = await built(name)
      const cost = costOf(model)
      expect(cost.parameters).toBe(all)
      expect(cost.trainableParameters).toBe(trainable)
      expect(cost.multiplyAccumulates).toBe(macs)
      model.dispose()
      const body = await built(name, { includeTop: false })
      expect(body.countParams()).toBe(bare)
      body.dispose()
    },
  )

  it("costs what the paper's table 2 prints: 564 M and 5.3 M for mobile, 23.8 B and 88.9 M for large", async () => {
    const [mobile, large] = [await built('nasnet_mobile'), await built('nasnet_large')]
    const [small, big] = [costOf(mobile), costOf(large)]
    expect((small.multiplyAccumulates / 1e6).toFixed()).toBe('564')
    expect((small.trainableParameters / 1e6).toFixed(1)).toBe('5.3')
    expect((big.multiplyAccumulates / 1e9).toFixed(1)).toBe('23.8')
    // 88.75 M are trained; the paper's figure has the moving statistics in it.
    expect((big.parameters / 1e6).toFixed(1)).toBe('88.9')
    for (const model of [mobile, large]) model.dispose()
  })

  it.each([
    [
      'nasnet_mobile',
      { stem: [28, 28, 88, 8], stage1: [28, 28, 264, 8], stage2: [14, 14, 528, 16], stage3: [7, 7, 1056, 32] },
    ],
    [
      'nasnet_large',
      { stem: [42, 42, 336, 8], stage1: [42, 42, 1008, 8], stage2: [21, 21, 2016, 16], stage3: [11, 11, 4032, 32] },
    ],
  ] as const)('%s halves the grid three times in its stem and once a stage', async (name, table) => {
    const model = await built(name)
    const grids = stages(model).filter((stage) => stage.name !== 'head')
    const rows = grids.map(({ name, output, reduction }) => [name, [...output.shape.slice(1), reduction]])
    expect(Object.fromEntries(rows)).toEqual(table)
    model.dispose()
  })

  it('has N normal cells a stage, behind a reduction cell in the second and third', async () => {
    const model = await built('nasnet_mobile')
    const cells = [1, 2, 3].map((s) => {
      const paths = layersAt(model, `stage${s}`).flatMap(
        ({ name }) => /^stage\d\.block(\d+)\.concat$/.exec(name)?.[1] ?? [],
      )
      return Math.max(...paths.map(Number))
    })
    expect(cells).toEqual([4, 5, 5])
    expect(model.getLayer('stage2.block1.concat').outputShape).toEqual([null, 14, 14, 4 * 88])
    expect(model.getLayer('stage2.block2.concat').outputShape).toEqual([null, 14, 14, 6 * 88])
    model.dispose()
  })

  it('takes grids of any parity, also of two at once', async () => {
    const shapes: unknown[] = []
    for (const [height, width] of [
      [32, 32],
      [63, 97],
      [101, 64],
    ] as const) {
      const model = await built('nasnet_mobile', { inputShape: [height, width, 3], includeTop: false })
      shapes.push(model.outputShape)
      model.dispose()
    }
    expect(shapes).toEqual([
      [null, 1, 1, 1056],
      [null, 2, 3, 1056],
      [null, 4, 2, 1056],
    ])
  })

  it('says that it needs a size, as Keras does', async () => {
    const before = memory().numTensors
    const options = { inputShape: [null, null, 3], includeTop: false, weights: null } as const
    await expect(createModel('nasnet_mobile', options)).rejects.toMatchObject({
      code: 'BAD_INPUT_SHAPE',
      message: expect.stringContaining('Give height and width as numbers'),
    })
    expect(memory().numTensors).toBe(before)
  })

  it('builds the 845 layers of mobile in under a second where weights follow', async () => {
    ;(await built('nasnet_mobile')).dispose()
    const start = performance.now()
    const model = await built('nasnet_mobile')
    expect(performance.now() - start).toBeLessThan(1000)
    expect(model.layers.length).toBe(845)
    model.dispose()
  })

  it.each(['nasnet_mobile', 'nasnet_large'] as const)(
    "knows the order of Keras' layers in files of %s",
    async (name) => {
      const [golden] = originals(new RegExp(`^${name}\\.keras`))
      const model = await built(name)
      const [keras] = (await architectureOf(name)).dialects
      const ordered = asInFiles(correspondences(model, keras!), keras!)
      expect(ordered.map(({ theirs }) => theirs)).toEqual(golden!.tensors.map((tensor) => tensor.name))
      model.dispose()
    },
  )

  it('reads a file with names of its own by that order, as Keras does', async () => {
    const [golden] = originals(/^nasnet_mobile\.keras/)
    const file = formulaWeights(golden!)
    const renamed = file.tensors.map((tensor, i): NamedTensor => ({ ...tensor, name: `weight_${i}` }))
    const nameless: WeightFile = { ...file, tensors: renamed, get: () => undefined }
    const { dialects } = await architectureOf('nasnet_mobile')
    const [byName, byOrder] = [await built('nasnet_mobile'), await built('nasnet_mobile')]
    await assignWeights(byName, file, { dialects })
    await assignWeights(byOrder, nameless, { dialects })
    const first = (path: string): number[] =>
      [byName, byOrder].map((model) => model.getLayer(path).getWeights()[0]!.dataSync()[0]!)
    for (const path of ['stem.cell2.left5.conv2.pointwise', 'stage2.block1.right3.conv1.depthwise', 'head.logits']) {
      const [expected, given] = first(path)
      expect(given).toBe(expected)
      expect(expected).not.toBe(0)
    }
    for (const model of [byName, byOrder]) model.dispose()
  })
})
