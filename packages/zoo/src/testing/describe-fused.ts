import { wasm } from '@cnnkit/backend-wasm'
import { fuse } from '@cnnkit/layers'
import { dispose, memory, randomUniform, type Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { buildNetwork, minimumSizeOf } from '../build-network.ts'
import { architectureOf } from '../models.ts'
import type { Form } from './describe-networks.ts'

/** Holds networks to giving the same when they are fused, with auxiliary heads where they have them. */
export function describeFused(forms: readonly Form[]): void {
  beforeAll(async () => {
    // Of cnnkit's own kernels Winograd's alone is off by as much.
    await wasm({ kernels: 'stock' }).start()
  })

  describe.each(forms)('$network in the flavor $flavor', ({ network, flavor }) => {
    it('gives the same fused, and with its norms folded alone, to 1e-5; nothing is left when it is disposed', async () => {
      const before = memory().numTensors
      const model = await seeded({ network, flavor })
      const x = randomUniform([1, ...(model.inputs[0]!.shape.slice(1) as number[])], -1, 1, 'float32', 7)
      const expected = outputsOf(model, x)
      for (const plain of [false, true]) {
        const given = outputsOf(fuse(model, { plain }), x)
        given.forEach((values, i) => {
          expect(difference(values, expected[i]!), plain ? 'plain' : 'fused').toBeLessThan(1e-5)
        })
      }
      x.dispose()
      model.dispose()
      expect(memory().numTensors).toBe(before)
    })
  })
}

/** A network with fresh weights whose norms do something: factors, shifts and statistics other than one and zero. */
async function seeded({ network, flavor }: Form): Promise<LayersModel> {
  const architecture = await architectureOf(network)
  const form = architecture.flavors.find(({ name }) => name === flavor)!
  const size = minimumSizeOf(architecture, form) + 1
  const options = { inputShape: [size, size, 3], classes: 5, activation: 'linear', seed: 1 } as const
  const model = buildNetwork(architecture, options, { flavor: form, weightsFollow: false })
  for (const layer of model.layers) {
    if (layer.getClassName() !== 'BatchNormalization') continue
    const drawn = layer.weights.map(({ originalName, shape }, i) => {
      const [middle, around] = /variance/.test(originalName)
        ? [1, 0.5]
        : /gamma/.test(originalName)
          ? [1, 0.25]
          : [0, 0.1]
      return randomUniform(shape as number[], middle - around, middle + around, 'float32', i + 1)
    })
    layer.setWeights(drawn)
    dispose(drawn)
  }
  return model
}

function outputsOf(model: LayersModel, x: Tensor): readonly Float32Array[] {
  const given = model.predict(x)
  const tensors = Array.isArray(given) ? given : [given]
  const values = tensors.map((output) => output.dataSync<'float32'>().slice())
  dispose(tensors)
  return values
}

/** max |a - b| / max |b|. */
function difference(a: Float32Array, b: Float32Array): number {
  let [worst, largest] = [0, 0]
  for (const [i, value] of b.entries()) {
    worst = Math.max(worst, Math.abs(a[i]! - value))
    largest = Math.max(largest, Math.abs(value))
  }
  return worst / largest
}
