import '@tensorflow/tfjs-backend-cpu'
import { fullyConnectedHead, outputOf, withGapHead } from '@cnnkit/layers'
import { randomUniform, setBackend, slice, sub, type Tensor, type Tensor4D, tensor } from '@tensorflow/tfjs-core'
import { type LayersModel, model as layersModel } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { type ActivationMap, cam, gradCam, hiResCam, xGradCam } from '../index.ts'
import { toy, toyInput } from '../testing/toy.ts'

let x: Tensor4D
beforeAll(async () => {
  await setBackend('cpu')
  x = randomUniform([2, ...toyInput], -1, 1, 'float32', 3)
})

/** max |k a - b| / max |b| for the k > 0 that fits best. */
function differenceUpToScale(a: ActivationMap, b: ActivationMap): number {
  const [p, q] = [a.raw!, b.raw!]
  const dot = (other: Float32Array): number => p.reduce((sum, value, i) => sum + value * other[i]!, 0)
  const scale = Math.max(dot(q) / dot(p), 0)
  return Math.max(...p.map((value, i) => Math.abs(value * scale - q[i]!))) / Math.max(...q.map(Math.abs))
}

describe('on a network that ends in pooling and one dense layer', () => {
  it.each(Object.entries({ gradCam, hiResCam, xGradCam }))('%s is CAM up to scale', async (_, method) => {
    const expected = await cam(toy(), x, { target: [2, 3] })
    const maps = await method(toy(), x, { target: [2, 3] })
    for (const [i, map] of maps.entries()) expect(differenceUpToScale(map, expected[i]!)).toBeLessThan(1e-5)
  })

  it("the mean of CAM's raw map plus the bias is the logit", async () => {
    const model = toy()
    const dense = model.getLayer('head.logits')
    const bias = [0.25, -1, 3, 0.5]
    dense.setWeights([dense.getWeights()[0]!, tensor(bias)])
    const logits = layersModel({ inputs: model.inputs, outputs: outputOf(dense) }).predict(x) as Tensor
    const expected = [...logits.dataSync()]
    for (const target of bias.keys()) {
      for (const [i, { raw, layer }] of (await cam(model, x, { target })).entries()) {
        expect(layer).toBe('stage2')
        const mean = raw!.reduce((sum, value) => sum + value, 0) / raw!.length
        expect(mean + bias[target]!).toBeCloseTo(expected[4 * i + target]!, 5)
      }
    }
  })

  it("CAM of the difference of two classes is the difference of their CAM's", async () => {
    const of = async (target: Parameters<typeof cam>[2]): Promise<Float32Array> =>
      (await cam(toy(), x, target))[1]!.raw!
    const [one, other] = [await of({ target: 0 }), await of({ target: 1 })]
    const column = (logits: Tensor, i: number): Tensor => slice(logits, [0, i], [-1, 1])
    const both = await of({ target: (logits) => sub(column(logits, 0), column(logits, 1)) })
    for (const [i, value] of both.entries()) expect(value).toBeCloseTo(one[i]! - other[i]!, 6)
  })
})

describe('on a network with fully connected layers', () => {
  const build = (): LayersModel =>
    toy((grid, scope) => fullyConnectedHead(grid, scope, { classes: 4, units: [10, 10] }))

  it('CAM says what to do, and reads the network once it is done', async () => {
    await expect(cam(build(), x)).rejects.toMatchObject({ code: 'NO_POOLING' })
    await expect(cam(build(), x)).rejects.toThrow('withGapHead(model)')
    const model = withGapHead(build(), { seed: 3 })
    const [expected] = await cam(model, x)
    const [map] = await gradCam(model, x)
    expect(differenceUpToScale(map!, expected!)).toBeLessThan(1e-5)
  })

  it('HiResCAM is not Grad-CAM, and adds up to the score that a network without biases gives', async () => {
    const model = build()
    const logits = layersModel({ inputs: model.inputs, outputs: outputOf(model.getLayer('head.logits')) })
    const expected = [...(logits.predict(x) as Tensor).dataSync()]
    const hires = await hiResCam(model, x, { target: 2 })
    const grad = await gradCam(model, x, { target: 2 })
    for (const [i, { raw }] of hires.entries()) {
      expect(raw!.reduce((sum, value) => sum + value, 0)).toBeCloseTo(expected[4 * i + 2]!, 5)
      expect(differenceUpToScale(grad[i]!, hires[i]!)).toBeGreaterThan(0.1)
    }
  })
})
