import '@tensorflow/tfjs-backend-cpu'
import { layersAt } from '@cnnkit/layers'
import { setBackend } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { type FineTuneOptions, fineTune, trainedStages } from '../index.ts'
import { colours, memoryStore, toyModel } from '../toy.fixture.ts'

beforeAll(() => setBackend('cpu'))

const recipe = { optimizer: { kind: 'adamw' }, learningRate: 0.02, schedule: { kind: 'constant' } } as const
const policy = { gradual: { every: 2, until: 'stage1' } } as const

const valuesOf = (model: LayersModel, path: string): number[] =>
  layersAt(model, path).flatMap((layer) => layer.weights.flatMap((weight) => [...weight.read().dataSync()]))

const tune = (options: Partial<FineTuneOptions> = {}): ReturnType<typeof fineTune> =>
  fineTune(toyModel(), colours(20), { policy, recipe, epochs: 6, batchSize: 8, ...options })

describe('gradual unfreezing', () => {
  it('trains the head at first, then a stage more every two epochs, and leaves what never thaws to the bit', async () => {
    const start = toyModel()
    const paths = ['stem', 'stage1', 'stage2'] as const
    const before = paths.map((path) => valuesOf(start, path))
    const moved = async (epochs: number): Promise<boolean[]> => {
      const { model } = await tune({ epochs })
      const result = paths.map((path, i) => valuesOf(model, path).some((value, at) => value !== before[i]![at]))
      model.dispose()
      return result
    }
    expect(await moved(2)).toEqual([false, false, false])
    expect(await moved(3)).toEqual([false, false, true])
    expect(await moved(5)).toEqual([false, true, true])
    start.dispose()
  })

  it('moves a stage that thaws late by no more than one that was open from the start', async () => {
    // Adam's first step is the learning rate for each weight: its moments are corrected for where they start.
    const step = async (epochs: number): Promise<number> => {
      const [none, one] = [await tune({ epochs: epochs - 1 || 1 }), await tune({ epochs, batchSize: 20 })]
      none.model.dispose()
      const fresh = toyModel()
      const [from, to] = [fresh, one.model].map((model) => valuesOf(model, 'stage2.conv'))
      const most = Math.max(...from!.slice(0, 100).map((value, i) => Math.abs(to![i]! - value)))
      for (const model of [fresh, one.model]) model.dispose()
      return most
    }
    expect(await step(3)).toBeCloseTo(recipe.learningRate, 4)
  })

  it.each([1, 5, 7, 8, 13])('stopped after step %i ends as an unbroken run', async (stopAfter) => {
    const unbroken = await tune()
    expect(trainedStages(unbroken.model)).toEqual(['stage1', 'stage2', 'head'])
    const [checkpoint, controller] = [memoryStore(), new AbortController()]
    let steps = 0
    const stop: FineTuneOptions['onProgress'] = ({ phase }) => {
      if (phase === 'train' && ++steps === stopAfter) controller.abort()
    }
    await expect(tune({ checkpoint, signal: controller.signal, onProgress: stop })).rejects.toMatchObject({
      code: 'ABORTED',
    })
    const resumed = await tune({ checkpoint })
    expect(resumed.resumed).toBe(true)
    for (const path of ['stem', 'stage1', 'stage2', 'head']) {
      expect(valuesOf(resumed.model, path), path).toEqual(valuesOf(unbroken.model, path))
    }
    for (const { model } of [unbroken, resumed]) model.dispose()
  })

  it('has a checkpoint of its own', async () => {
    const [checkpoint, controller] = [memoryStore(), new AbortController()]
    const onProgress = (): void => controller.abort()
    await expect(tune({ checkpoint, signal: controller.signal, onProgress })).rejects.toMatchObject({ code: 'ABORTED' })
    if (await checkpoint.load())
      await expect(tune({ checkpoint, policy: { from: 'stage1' } })).rejects.toThrow('policy was')
  })
})
