import { readFileSync } from 'node:fs'
import { wasm } from '@cnnkit/backend-wasm'
import { concat, memory, reverse, type Tensor4D, tidy } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ActivationMap, gradCam, guidedBackprop, type MapMethodName, mapMethods } from '../index.ts'
import { formulaNetwork } from './formula-network.ts'

/** Maps of a torchvision network on formula weights by pytorch-grad-cam, for a picture and the same upside down. */
interface NetworkMaps {
  /** Which golden of the zoo says how the network is made. */
  readonly original: string
  /** All of it takes long. */
  readonly slow?: boolean
  /** The methods that take long on it. */
  readonly slowMethods?: readonly string[]
  /** Side of the input in pixels. */
  readonly size: number
  readonly targets: readonly number[]
  /** By layer and method, raw: the values of both pictures. */
  readonly maps: Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>
  /** Largest magnitude over the colours of guided backpropagation, at places all over each picture. */
  readonly guided?: readonly (readonly number[])[]
  /** Grad-CAM of several layers at the input's size, at places all over each picture. */
  readonly several?: { readonly layers: readonly string[]; readonly maps: readonly (readonly number[])[] }
}

/** One photograph, from the file to the overlay. */
interface Finished {
  readonly photo: string
  readonly size: number
  readonly cropFraction: number
  readonly layer: string
  readonly target: number
  /** From 0 to 1 at the input's size, at places all over it. */
  readonly map: readonly number[]
  /** Bytes of the blend, by colour map, at places all over it. */
  readonly overlays: Readonly<Record<'viridis' | 'inferno', readonly number[]>>
}

/** What reference/cam/methods.py wrote. */
export const golden: { readonly networks: readonly NetworkMaps[]; readonly finished: Finished } = JSON.parse(
  readFileSync(new URL('../golden/methods.json', import.meta.url), 'utf8'),
)

/** What a failure says to do. */
export const HOW_TO_UPDATE = 'the golden file is written by reference/cam/methods.py; see reference/README.md'

/** max |a - b| / max |b|. */
export function difference(values: ArrayLike<number>, expected: readonly number[]): number {
  const largest = Math.max(...expected.map(Math.abs))
  return Math.max(...expected.map((value, i) => Math.abs(value - values[i]!))) / largest
}

/** The values at places all over a map, as the golden has them. */
export const sampled = (values: ArrayLike<number>, count: number): number[] =>
  Array.from({ length: count }, (_, k) => values[(Math.imul(k, 2654435761) >>> 0) % values.length]!)

/** Layers and methods of a network that are quick, or slow. */
function rowsOf({ maps, slow = false, slowMethods = [] }: NetworkMaps, which: 'quick' | 'slow'): [string, string][] {
  const rows = Object.entries(maps).flatMap(([layer, by]) =>
    Object.keys(by).map((name): [string, string] => [layer, name]),
  )
  return rows.filter(([, name]) => (slow || slowMethods.includes(name)) === (which === 'slow'))
}

/** Holds methods against pytorch-grad-cam on torchvision's networks. */
export function describeOriginals(which: 'quick' | 'slow'): void {
  beforeAll(async () => {
    await wasm().start()
  })
  const networks = golden.networks.filter((network) => rowsOf(network, which).length > 0)

  describe.each(networks.map((network) => [network.original, network] as const))('%s', (file, expected) => {
    const { size, targets, maps, guided, several, slow = false } = expected
    const isWhole = slow === (which === 'slow')
    let model: LayersModel
    let x: Tensor4D
    beforeAll(async () => {
      const made = await formulaNetwork(file, [size, size])
      model = made.model
      x = tidy(() => {
        const one = made.input()
        return concat([one, reverse(one, 1)])
      })
    })
    afterAll(() => {
      model?.dispose()
      x?.dispose()
    })

    const raw = (made: readonly ActivationMap[]): number[] => made.flatMap((map) => [...map.raw!])
    it.each(rowsOf(expected, which))('at %s by %s as pytorch-grad-cam, raw, to 1e-3', async (layer, name) => {
      const before = memory().numTensors
      const made = await mapMethods[name as MapMethodName].map(model, x, { layer, target: targets })
      expect(memory().numTensors).toBe(before)
      const theirs = maps[layer]![name]!
      if (name !== 'eigen-cam') {
        expect(difference(raw(made), theirs), HOW_TO_UPDATE).toBeLessThan(1e-3)
        return
      }
      const length = theirs.length / made.length
      for (const [i, map] of made.entries()) {
        const one = theirs.slice(i * length, (i + 1) * length)
        const other = one.map((value) => -value)
        expect(Math.min(difference(map.raw!, one), difference(map.raw!, other)), HOW_TO_UPDATE).toBeLessThan(1e-3)
      }
    })

    it.runIf(guided && isWhole)('by guided backpropagation as pytorch-grad-cam', async () => {
      for (const [i, { raw }] of (await guidedBackprop(model, x, { target: targets })).entries()) {
        expect(difference(sampled(raw!, guided![i]!.length), guided![i]!), HOW_TO_UPDATE).toBeLessThan(1e-3)
      }
    })

    it.runIf(several && isWhole)('of several layers at once as pytorch-grad-cam', async () => {
      const made = await gradCam(model, x, { layer: several!.layers, target: targets })
      for (const [i, { values }] of made.entries()) {
        expect(difference(sampled(values, several!.maps[i]!.length), several!.maps[i]!), HOW_TO_UPDATE).toBeLessThan(
          1e-3,
        )
      }
    })
  })
}
