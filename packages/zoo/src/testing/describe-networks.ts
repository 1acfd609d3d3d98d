import { wasm } from '@cnnkit/backend-wasm'
import { layersFrom, registerLayers } from '@cnnkit/layers'
import {
  add,
  dispose,
  io,
  logSoftmax,
  memory,
  mul,
  neg,
  randomUniform,
  type Scalar,
  slice2d,
  sub,
  sum,
  type Tensor,
  type Tensor2D,
  tidy,
  type Variable,
  variableGrads,
} from '@tensorflow/tfjs-core'
import { type LayersModel, loadLayersModel } from '@tensorflow/tfjs-layers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildNetwork, minimumSizeOf } from '../build-network.ts'
import { architectureOf, type ModelName } from '../models.ts'

/** A network in one of its flavors. */
export interface Form {
  readonly network: ModelName
  readonly flavor: string
}

/**
 * Where a gradient grows a billionfold on its way back (110 layers without shortcuts: what shortcuts are for), no step that moves the
 * last layers is small enough for the first: it is taken from this stage on.
 */
const stepFrom: Partial<Record<ModelName, string>> = { plain110_cifar: 'stage3' }

/** Holds networks to what is true of every one: all of it trains, and it is what it was after saving and loading. */
export function describeNetworks(forms: readonly Form[]): void {
  beforeAll(async () => {
    await wasm().start()
    registerLayers()
  })

  describe.each(forms)('$network in the flavor $flavor', ({ network, flavor }) => {
    let model: LayersModel
    let x: Tensor
    beforeAll(async () => {
      const architecture = await architectureOf(network)
      const form = architecture.flavors.find(({ name }) => name === flavor)!
      // Twice the smallest input, so that norms of the last grid see more than one pixel.
      const size = 2 * minimumSizeOf(architecture, form)
      const options = { inputShape: [size, size, 3], classes: 5, activation: 'linear', dropout: 0, seed: 1 } as const
      model = buildNetwork(architecture, options, { flavor: form, weightsFollow: false })
      x = randomUniform([2, size, size, 3], -1, 1, 'float32', 7)
    })
    afterAll(() => {
      model?.dispose()
      x?.dispose()
    })

    it('has a gradient for every parameter, and a step along it lowers the loss', () => {
      const weights = model.trainableWeights.map((weight) => weight.read() as Variable)
      const before = memory().numTensors
      const { value, grads } = variableGrads(() => loss(model, x), weights)
      expect(memory().numTensors).toBe(before + 1 + weights.length)
      const norms = weights.map((weight) =>
        tidy(() => sum(mul(grads[weight.name]!, grads[weight.name]!)).dataSync()[0]!),
      )
      const still = model.trainableWeights.filter((_, i) => !(norms[i]! > 0)).map(({ originalName }) => originalName)
      expect(still).toEqual([])
      const started = value.dataSync()[0]!
      const from = stepFrom[network]
      const moved = from === undefined ? model.layers : layersFrom(model, from)
      const moving = new Set(moved.flatMap((layer) => layer.trainableWeights))
      const steps = model.trainableWeights.map((weight) => moving.has(weight))
      const rate = (0.02 * started) / norms.reduce((all, norm, i) => (steps[i] ? all + norm : all), 0)
      for (const weight of weights.filter((_, i) => steps[i])) {
        const stepped = tidy(() => sub(weight, mul(grads[weight.name]!, rate)))
        weight.assign(stepped)
        stepped.dispose()
      }
      const then = tidy(() => loss(model, x).dataSync()[0]!)
      expect(then).toBeLessThan(started)
      dispose([value, ...Object.values(grads)])
      expect(memory().numTensors).toBe(before)
    })

    it('gives the same after it was saved and loaded', async () => {
      let artifacts: io.ModelArtifacts | undefined
      await model.save(
        io.withSaveHandler(async (given) => {
          artifacts = given
          return { modelArtifactsInfo: io.getModelArtifactsInfoForJSON(given) }
        }),
      )
      const loaded = await loadLayersModel(io.fromMemory(artifacts!))
      const [expected, given] = [model, loaded].map((either) => tidy(() => either.predict(x) as Tensor).dataSync())
      expect(given).toEqual(expected)
      expect(new Set(expected).size).toBeGreaterThan(1)
      loaded.dispose()
    })
  })
}

/** Cross-entropy of the first class for one picture and of the second for the other. */
function loss(model: LayersModel, x: Tensor): Scalar {
  const log = logSoftmax(model.apply(x, { training: true }) as Tensor2D)
  return neg(add(sum(slice2d(log, [0, 0], [1, 1])), sum(slice2d(log, [1, 1], [1, 1])))) as Scalar
}
