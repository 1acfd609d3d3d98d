import { wasm } from '@cnnkit/backend-wasm'
import { withGapHead } from '@cnnkit/layers'
import { architectureOf, createModel, type ModelName } from '@cnnkit/zoo'
import { memory, randomUniform, type Tensor4D } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ActivationMap, type MapFunction, randomCam } from '../index.ts'
import { methods } from './methods.ts'

/** Holds every method to what is true of it on any network: maps of the right size, from 0 to 1, finite, and no tensor left. */
export function describeNetworks(networks: readonly ModelName[]): void {
  beforeAll(async () => {
    await wasm().start()
  })

  describe.each(networks)('%s', (network) => {
    let model: LayersModel
    let x: Tensor4D
    let grid: readonly [number, number]
    beforeAll(async () => {
      // Twice the smallest input, so that the last grid has more than one place.
      const size = 2 * (await architectureOf(network)).minimumSize
      model = await createModel(network, { weights: null, inputShape: [size, size, 3], classes: 5, seed: 1 })
      x = randomUniform([2, size, size, 3], -1, 1, 'float32', 7)
      const [map] = await randomCam(model, x)
      grid = [map!.height, map!.width]
    })
    afterAll(() => {
      model?.dispose()
      x?.dispose()
    })

    it.each(Object.keys(methods).filter((name) => name !== 'cam'))('%s', async (name) => {
      const maps = await checked(methods[name]!, model, x)
      const size = name === 'guided-backprop' ? x.shape.slice(1, 3) : grid
      for (const map of maps) expect([map.height, map.width]).toEqual(size)
    })

    it('cam, with a head that it can read', async () => {
      model = withGapHead(model, { seed: 2 })
      await checked(methods.cam!, model, x)
    })
  })
}

async function checked(method: MapFunction, model: LayersModel, x: Tensor4D): Promise<readonly ActivationMap[]> {
  const before = memory().numTensors
  const maps = await method(model, x)
  expect(memory().numTensors).toBe(before)
  expect(maps).toHaveLength(2)
  for (const { values, height, width, empty } of maps) {
    expect(values).toHaveLength(height * width)
    expect(values.every((value) => value >= 0 && value <= 1)).toBe(true)
    expect(Math.max(...values)).toBe(empty ? 0 : 1)
  }
  return maps
}
