import '@tensorflow/tfjs-backend-cpu'
import { costOf, stages } from '@cnnkit/layers'
import { memory, setBackend } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { assignWeights } from '../assign-weights.ts'
import { checkOptions } from '../check-options.ts'
import { closestDialect } from '../match-weights.ts'
import { architectureOf } from '../models.ts'
import { built } from '../testing/built.ts'
import { formulaWeights } from '../testing/formula.ts'
import { originals } from '../testing/original.ts'

beforeAll(() => setBackend('cpu'))

describe('GoogLeNet', () => {
  // facts/torchvision.json (num_params and googlenet_with_aux_params leave out moving statistics), facts/papers.json (GoogLeNet:
  // deploy, with_aux), facts/slim.json (inception_v1: params_base, params_1001 less the background class).
  it.each([
    [{}, 'trainableParameters', 6624904],
    [{ auxiliary: true }, 'trainableParameters', 13004888],
    [{ flavor: 'paper' }, 'parameters', 6998552],
    [{ flavor: 'paper', auxiliary: true }, 'parameters', 13378280],
    [{ flavor: 'onnx' }, 'parameters', 6998552],
    [{ flavor: 'slim' }, 'parameters', 6633209 - 1025],
    [{ flavor: 'slim', includeTop: false }, 'parameters', 5607184],
    [{ includeTop: false }, 'trainableParameters', 6624904 - 1025 * 1000],
    [{ flavor: 'paper', includeTop: false }, 'parameters', 6998552 - 1025 * 1000],
  ] as const)('%o has the published %s: %i', async (options, kind, expected) => {
    const model = await built('googlenet', options)
    expect(costOf(model)[kind]).toBe(expected)
    model.dispose()
  })

  it.each([
    ['torchvision', '1.498', 3], // _ops
    ['slim', '1.4984', 4], // facts/slim.json
    ['paper', '1.5827', 4], // facts/papers.json: Caffe's bvlc_googlenet
  ] as const)('%s has %s G multiply-accumulates', async (flavor, expected, digits) => {
    const model = await built('googlenet', { flavor })
    expect((costOf(model).multiplyAccumulates / 1e9).toFixed(digits)).toBe(expected)
    model.dispose()
  })

  it.each([
    [
      ['torchvision', 'paper', 'slim'],
      { stem: [56, 56, 192, 4], stage1: [28, 28, 480, 8], stage2: [14, 14, 832, 16], stage3: [7, 7, 1024, 32] },
    ],
    [
      ['onnx'],
      { stem: [55, 55, 192, 4], stage1: [27, 27, 480, 8], stage2: [13, 13, 832, 17], stage3: [6, 6, 1024, 37] },
    ],
  ])("%j has the grids of the paper's table 1, which onnx rounds down", async (flavors, table) => {
    for (const flavor of flavors) {
      const model = await built('googlenet', { flavor })
      const grids = stages(model).filter(({ name }) => name !== 'head')
      const rows = grids.map(({ name, output }) => [
        name,
        [...output.shape.slice(1), Math.round(224 / output.shape[1]!)],
      ])
      expect(Object.fromEntries(rows)).toEqual(table)
      model.dispose()
    }
  })

  // "#1x1" to "pool proj" of table 1 are held in layers/inception.test.ts; here what each module hands on.
  it("has the outputs of the paper's modules", async () => {
    const model = await built('googlenet', { flavor: 'paper' })
    const outputs = model.layers.flatMap(({ name, outputShape }) =>
      name.endsWith('.concat') ? [[name.replace('.concat', ''), (outputShape as number[]).slice(1).join('x')]] : [],
    )
    expect(Object.fromEntries(outputs)).toEqual({
      'stage1.block1': '28x28x256',
      'stage1.block2': '28x28x480',
      'stage2.block1': '14x14x512',
      'stage2.block2': '14x14x512',
      'stage2.block3': '14x14x512',
      'stage2.block4': '14x14x528',
      'stage2.block5': '14x14x832',
      'stage3.block1': '7x7x832',
      'stage3.block2': '7x7x1024',
    })
    expect(model.getLayer('stem.norm1').outputShape).toEqual([null, 56, 56, 64])
    model.dispose()
  })

  it.each([
    [{ classes: 5 }, [null, 5]],
    [{ includeTop: false, pooling: 'max' }, [null, 1024]],
    [{ inputShape: [97, 64, 1], classes: 2, flavor: 'paper' }, [null, 2]],
    [{ inputShape: [32, 32, 3], flavor: 'slim' }, [null, 1000]],
    [{ inputShape: [null, null, 3], includeTop: false }, [null, null, null, 1024]],
    [
      { auxiliary: true, classes: 7 },
      [
        [null, 7],
        [null, 7],
        [null, 7],
      ],
    ],
  ] as const)('%o gives the output %j', async (options, shape) => {
    const before = memory().numTensors
    const model = await built('googlenet', options)
    expect(model.outputShape).toEqual(shape)
    model.dispose()
    expect(memory().numTensors).toBe(before)
  })

  it('has auxiliary heads on the outputs of 4a and 4d, with a dropout of 70 %', async () => {
    const model = await built('googlenet', { flavor: 'paper', auxiliary: true })
    const below = (name: string): string => model.getLayer(name).inboundNodes[0]!.inboundLayers[0]!.name
    expect([below('aux1.pool'), below('aux2.pool')]).toEqual(['stage2.block1.concat', 'stage2.block4.concat'])
    expect(model.getLayer('aux2.pool').outputShape).toEqual([null, 4, 4, 528])
    expect(model.getLayer('aux1.dropout').getConfig().rate).toBe(0.7)
    expect(model.getLayer('head.dropout').getConfig().rate).toBe(0.4)
    model.dispose()
  })

  it('has no auxiliary heads in the flavors whose originals have none', async () => {
    const architecture = await architectureOf('googlenet')
    const flavor = architecture.flavors.find(({ name }) => name === 'slim')!
    expect(() => checkOptions(architecture, { auxiliary: true }, [flavor])).toThrow(
      'googlenet in the flavor "slim", whose original has none. Take the flavor "torchvision" or "paper", or leave it out.',
    )
  })

  it("tells the two shapes of the classifier in ONNX's files apart, which have the same names", async () => {
    const { dialects } = await architectureOf('googlenet')
    const [golden] = originals(/^googlenet\.paper\.json$/)
    const model = await built('googlenet', { flavor: 'paper' })
    expect(closestDialect(model, formulaWeights(golden!), dialects).name).toBe('onnx-blobs')
    const flat = golden!.tensors.map(({ name, shape }) => ({
      name,
      shape: name.endsWith('r_w_0') ? shape.slice(2) : shape,
    }))
    const file = formulaWeights({ ...golden!, tensors: flat })
    expect(closestDialect(model, file, dialects).name).toBe('onnx')
    await assignWeights(model, file, { dialects })
    model.dispose()
  })
})
