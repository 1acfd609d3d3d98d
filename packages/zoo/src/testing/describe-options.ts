import { wasm } from '@cnnkit/backend-wasm'
import {
  addN,
  dispose,
  logSoftmax,
  memory,
  mul,
  randomUniform,
  type Scalar,
  sum,
  type Tensor,
  tidy,
  type Variable,
  variableGrads,
} from '@tensorflow/tfjs-core'
import { input, type LayersModel } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import type { AuxiliaryHead } from '../architecture.ts'
import { auxiliaryHeads, buildNetwork, minimumSizeOf } from '../build-network.ts'
import type { ModelOptions } from '../model-options.ts'
import { architectureOf } from '../models.ts'
import type { Form } from './describe-networks.ts'

/** A network of which no input size can be left open: its shortcuts are as wide as the grid is. */
const needsSize = /^nasnet/

async function build({ network, flavor }: Form, options: ModelOptions, weightsFollow = true): Promise<LayersModel> {
  const architecture = await architectureOf(network)
  const form = architecture.flavors.find(({ name }) => name === flavor)!
  return buildNetwork(architecture, options, { flavor: form, weightsFollow })
}

/** Holds networks to their options: each is built with them, and each parameter of an auxiliary head has a gradient. */
export function describeOptions(forms: readonly Form[]): void {
  beforeAll(async () => {
    await wasm().start()
  })

  describe.each(forms)('$network in the flavor $flavor', (form) => {
    it('is built with every option, and nothing is left when it is disposed', async () => {
      const before = memory().numTensors
      const { minimumSize, size, heads } = await partsOf(form)
      const shapesWith = async (options: ModelOptions): Promise<(number | null)[][]> => {
        const model = await build(form, options)
        const shapes = model.outputs.map(({ shape }) => shape)
        model.dispose()
        return shapes
      }
      const narrow = [minimumSize, minimumSize + 3, 1] as const
      const [[, channels] = []] = await shapesWith({ includeTop: false, pooling: 'avg', inputShape: narrow })
      expect(channels).toBeGreaterThan(0)
      const open = shapesWith({ includeTop: false, inputShape: [null, null, 3] })
      if (needsSize.test(form.network)) await expect(open).rejects.toMatchObject({ code: 'BAD_INPUT_SHAPE' })
      else expect(await open).toEqual([[null, null, null, channels]])
      expect(await shapesWith({ includeTop: false, pooling: 'max' })).toEqual([[null, channels]])
      const inputTensor = input({ shape: [...size, 4] })
      expect(await shapesWith({ inputTensor, classes: 3, activation: 'sigmoid', dropout: 0.2 })).toEqual([[null, 3]])
      const all = await shapesWith({ auxiliary: true, classes: 6 })
      expect(all).toEqual([[null, 6], ...heads.map(() => [null, 6])])
      expect(memory().numTensors).toBe(before)
    })
  })
}

/** Holds networks with auxiliary heads to training these too, at the size that they were published for. */
export function describeAuxiliaryHeads(forms: readonly Form[]): void {
  beforeAll(async () => {
    await wasm().start()
  })

  describe.each(forms)('$network in the flavor $flavor', (form) => {
    it('has a gradient for every parameter of its auxiliary heads', async () => {
      const { size, heads } = await partsOf(form)
      const options = { auxiliary: true, classes: 3, activation: 'linear', dropout: 0, seed: 1 } as const
      const model = await build(form, options, false)
      const weights = model.layers
        .filter(({ name }) => heads.some(({ path }) => name.startsWith(`${path}.`)))
        .flatMap((layer) => layer.trainableWeights)
      expect(weights.length).toBeGreaterThan(3 * heads.length)
      const x = randomUniform([2, ...size, 3], -1, 1, 'float32', 7)
      const { value, grads } = variableGrads(
        () => {
          const outputs = model.apply(x, { training: true }) as Tensor[]
          return addN(outputs.map((logits, i) => mul(sum(logSoftmax(logits)), i + 1))) as Scalar
        },
        weights.map((weight) => weight.read() as Variable),
      )
      const still = Object.entries(grads).filter(([, grad]) => tidy(() => sum(mul(grad, grad)).dataSync()[0]) === 0)
      expect(still.map(([name]) => name)).toEqual([])
      expect(Object.keys(grads).length).toBe(weights.length)
      dispose([x, value, ...Object.values(grads)])
      model.dispose()
    })
  })
}

async function partsOf({ network, flavor: name }: Form): Promise<{
  minimumSize: number
  size: readonly [height: number, width: number]
  heads: readonly AuxiliaryHead[]
}> {
  const architecture = await architectureOf(network)
  const form = architecture.flavors.find((candidate) => candidate.name === name)!
  const { size } = form.preprocessing ?? architecture.preprocessing
  return { minimumSize: minimumSizeOf(architecture, form), size, heads: auxiliaryHeads(architecture, form) }
}
