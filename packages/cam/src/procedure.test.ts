import '@tensorflow/tfjs-backend-cpu'
import type { Picture, Preprocessing } from '@cnnkit/images'
import {
  fill,
  max,
  memory,
  profile,
  randomUniform,
  setBackend,
  slice,
  type Tensor4D,
  tensor,
  zerosLike,
} from '@tensorflow/tfjs-core'
import type { LayersModel, LayerVariable } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { merged } from './activation-map.ts'
import {
  ablationCam,
  eigenCam,
  gradCam,
  guidedBackprop,
  hiResCam,
  layerCam,
  type MapFunction,
  mapsBy,
  randomCam,
  scoreCam,
  smoothGradCamPlusPlus,
} from './index.ts'
import { methods } from './testing/methods.ts'
import { toy, toyInput } from './testing/toy.ts'

let x: Tensor4D
beforeAll(async () => {
  await setBackend('cpu')
  x = randomUniform([3, ...toyInput], -1, 1, 'float32', 3)
})

const row = (i: number): Tensor4D => slice(x, [i, 0, 0, 0], [1, ...toyInput])

/** How often a layer has run, and so read its kernel. */
function runs(model: LayersModel, layer: string): () => number {
  const { kernel } = model.getLayer(layer) as unknown as { kernel: LayerVariable }
  const read = vi.spyOn(kernel, 'read')
  return () => read.mock.calls.length
}

describe('a batch', () => {
  it.each(Object.entries(methods))('gives by %s the maps of its pictures one by one', async (name, method) => {
    const model = toy()
    const targets = [2, 0, 3]
    const together = await method(model, x, { target: targets })
    // The noise differs from one picture of a batch to the next.
    for (const i of name.startsWith('smooth') ? [0] : [0, 1, 2]) {
      const [alone] = await method(model, row(i), { target: targets[i]! })
      expect(together[i]!.target).toBe(name === 'random' || alone!.target === undefined ? alone!.target : targets[i])
      alone!.values.forEach((value, at) => {
        expect(together[i]!.values[at]!).toBeCloseTo(value, 4)
      })
    }
  })

  it('goes up once, and comes back once, whatever the number of pictures', async () => {
    const model = toy()
    const [up, tail] = [runs(model, 'stage1.conv1'), runs(model, 'head.logits')]
    await gradCam(model, x)
    expect([up(), tail()]).toEqual([1, 1])
  })

  it.each([
    ['Grad-CAM of a layer below', (model: LayersModel) => gradCam(model, x, { layer: 'stage1' })],
    ['guided backpropagation', (model: LayersModel) => guidedBackprop(model, x)],
  ])('works out by %s the gradient of values, and of no weight', async (_, explain) => {
    const model = toy()
    const { kernels } = await profile(async () => {
      await explain(model)
      return []
    })
    const names = kernels.map(({ name }) => name)
    expect(names).toContain('Conv2DBackpropInput')
    expect(names).not.toContain('Conv2DBackpropFilter')
    expect(names.filter((name) => name.includes('MatMul'))).toHaveLength(2)
  })

  it('takes no gradient and no logits where a method needs none', async () => {
    const model = toy()
    const tail = runs(model, 'head.logits')
    const [map] = await eigenCam(model, x)
    expect([tail(), map!.target]).toEqual([0, undefined])
  })

  it('goes up once for Ablation-CAM too, and on from the layer for each batch of channels', async () => {
    const model = toy()
    const [up, tail] = [runs(model, 'stage1.conv1'), runs(model, 'head.logits')]
    await ablationCam(model, row(0), { batchSize: 3 })
    // 8 channels in three batches, and once as it is.
    expect([up(), tail()]).toEqual([1, 4])
  })
})

describe('pictures', () => {
  const preprocessing: Preprocessing = {
    size: [12, 16],
    resize: 'short-side',
    cropFraction: 1,
    filter: 'bilinear',
    channelOrder: 'rgb',
    mean: [127.5, 127.5, 127.5],
    std: [127.5, 127.5, 127.5],
  }
  const grey = (width: number, height: number): Picture => ({
    data: Uint8Array.from({ length: width * height * 3 }, (_, i) => (i * 37) % 256),
    width,
    height,
    channels: 3,
  })

  it('are prepared as is said where the model has no card', async () => {
    const model = toy()
    await expect(gradCam(model, grey(16, 12))).rejects.toMatchObject({ code: 'NO_CARD' })
    const map = await gradCam(model, grey(32, 12), { preprocessing })
    expect(map.box).toEqual([8, 0, 24, 12])
  })

  it('come one or several', async () => {
    const model = toy()
    const list = await gradCam(model, [grey(16, 12), grey(32, 12)], { preprocessing })
    expect(list.map(({ box }) => box)).toEqual([
      [0, 0, 16, 12],
      [8, 0, 24, 12],
    ])
    expect(await gradCam(model, grey(32, 12), { preprocessing })).toEqual(list[1])
    await expect(gradCam(model, [], { preprocessing })).rejects.toMatchObject({ code: 'NO_PICTURES' })
  })
})

describe('a network that nothing comes through', () => {
  it.each(Object.entries(methods))(
    'gives by %s a map that says it is empty, and zeros in place of NaN',
    async (_, method) => {
      const model = toy()
      for (const layer of model.layers) layer.setWeights(layer.getWeights().map((weight) => zerosLike(weight)))
      for (const { empty, values } of await method(model, x, { target: 1 })) {
        expect([empty, new Set(values)]).toEqual([true, new Set([0])])
      }
    },
  )
})

describe('targets', () => {
  it('are the most probable classes unless given, and the same as when they are given', async () => {
    const model = toy()
    const maps = await hiResCam(model, x)
    const target = maps.map((map) => map.target!)
    expect(await hiResCam(model, x, { target })).toEqual(maps)
  })

  it.each([
    [[1, 2], 'TARGETS_AND_PICTURES', 'There are 2 targets and 3 pictures.'],
    [[1, 2, 4], 'UNKNOWN_CLASS', 'No class 4. toy has 4 classes, from 0 to 3.'],
    [1.5, 'UNKNOWN_CLASS', 'No class 1.5.'],
    [() => tensor([1, 2]), 'INVALID_TARGET', 'The target gives [2] for logits [3, 4].'],
  ] as const)('that cannot be meant are refused: %j', async (target, code, message) => {
    const model = toy()
    const before = memory().numTensors
    const refused = expect(gradCam(model, x, { target })).rejects
    await refused.toMatchObject({ code })
    await expect(gradCam(model, x, { target })).rejects.toThrow(message)
    if (typeof target !== 'function') expect(memory().numTensors).toBe(before)
  })
})

describe('several layers', () => {
  const layer = ['stage1', 'stage2']

  it('are scaled each, resized to the input, averaged and scaled again', async () => {
    const model = toy()
    const [one] = await layerCam(model, x, { layer: 'stage1', target: 2 })
    const [other] = await layerCam(model, x, { layer: 'stage2', target: 2 })
    const [both] = await layerCam(model, x, { layer, target: 2 })
    const expected = merged([one!, other!], 12, 16)
    expect([both!.height, both!.width, both!.layer, both!.raw]).toEqual([12, 16, 'stage1, stage2', undefined])
    for (const [i, value] of both!.values.entries()) expect(value).toBeCloseTo(expected.values[i]!, 5)
  })

  it('take the gradient of all at once', async () => {
    const model = toy()
    const tail = runs(model, 'head.logits')
    await gradCam(model, x, { layer: ['stage1', 'stage2', 'stage1.conv1'] })
    expect(tail()).toBe(1)
  })

  it.each(Object.keys(methods).filter((name) => name !== 'cam'))('leave no tensor behind with %s', async (name) => {
    const model = toy()
    const before = memory().numTensors
    await methods[name]!(model, x, { layer })
    expect(memory().numTensors).toBe(before)
  })
})

describe('methods that run the network often', () => {
  it('tell how far they are', async () => {
    const model = toy()
    const told: string[] = []
    const onProgress = ({ done, total }: { done: number; total: number }): void => {
      told.push(`${done}/${total}`)
    }
    await scoreCam(model, slice(x, [0, 0, 0, 0], [2, ...toyInput]), { channels: 5, batchSize: 3, onProgress })
    expect(told).toEqual(['3/10', '5/10', '8/10', '10/10'])
    told.length = 0
    await smoothGradCamPlusPlus(model, x, { samples: 2, onProgress })
    expect(told).toEqual(['1/2', '2/2'])
  })

  it.each(Object.entries({ scoreCam, ablationCam, smoothGradCamPlusPlus }))(
    '%s stops when told to, and leaves nothing',
    async (_, stopped) => {
      const model = toy()
      const before = memory().numTensors
      const control = new AbortController()
      const options = { signal: control.signal, onProgress: () => control.abort(new Error('enough')) }
      await expect((stopped as typeof scoreCam)(model, x, options)).rejects.toThrow('enough')
      expect(memory().numTensors).toBe(before)
    },
  )

  it('give with all channels what they give unless told, and with few nearly so', async () => {
    const model = toy()
    const [all] = await ablationCam(model, row(0))
    expect((await ablationCam(model, row(0), { channels: 8 }))[0]).toEqual(all)
    const [most] = await ablationCam(model, row(0), { channels: 7 })
    const change = most!.raw!.map((value, i) => Math.abs(value - all!.raw![i]!))
    expect(Math.max(...change)).toBeGreaterThan(0)
    expect(Math.max(...change)).toBeLessThan(Math.max(...all!.raw!.map(Math.abs)))
  })

  it.each([{ channels: 0 }, { batchSize: 0 }, { batchSize: 1.5 }])('refuse %j', async (options) => {
    const model = toy()
    const before = memory().numTensors
    await expect(scoreCam(model, x, options)).rejects.toMatchObject({ code: 'INVALID_COUNT' })
    expect(memory().numTensors).toBe(before)
  })
})

describe('randomCam', () => {
  it('depends on its seed, and not on the class', async () => {
    const model = toy()
    const [one] = await randomCam(model, x)
    expect((await randomCam(model, x))[0]).toEqual(one)
    expect((await randomCam(model, x, { target: 2 }))[0]!.values).toEqual(one!.values)
    expect((await randomCam(model, x, { seed: 2 }))[0]!.values).not.toEqual(one!.values)
  })
})

describe('mapsBy', () => {
  const flat = (level: number): MapFunction =>
    mapsBy(() => ({ name: 'flat', map: ({ activations }) => max(fill(activations.shape, level), 3) }))

  it('makes an even map of ones where all places count the same, and an empty one where none does', async () => {
    const [even] = await flat(3)(toy(), x)
    expect([new Set(even!.values), even!.empty]).toEqual([new Set([1]), false])
    const [none] = await flat(-3)(toy(), x)
    expect([new Set(none!.values), none!.empty, none!.raw![0]]).toEqual([new Set([0]), true, -3])
  })

  it('refuses what is not finite', async () => {
    const model = toy()
    const before = memory().numTensors
    await expect(flat(Number.NaN)(model, x)).rejects.toMatchObject({ code: 'NOT_FINITE' })
    expect(memory().numTensors).toBe(before)
  })
})
