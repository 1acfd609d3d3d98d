// What keeping the features of the frozen part is worth, with genuine weights on photographs: the same numbers, and how much sooner.
import { fileURLToPath } from 'node:url'
import { imageFolder, type Split, split } from '@cnnkit/images'
import { fineTune, type Policy } from '@cnnkit/transfer'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { openModel, startBackend } from 'cnnkit'
import { beforeAll, expect, it } from 'vitest'

let pictures: Split
beforeAll(async () => {
  await startBackend()
  // Decoded once, so that what is compared is the network's work.
  const flowers = await imageFolder(fileURLToPath(new URL('../../../data/flowers-200', import.meta.url)))
  pictures = split(flowers, { holdOut: 0.2, seed: 1 })
})

interface Trained {
  readonly values: Record<string, number>
  readonly weights: Float32Array
  /** Median of the epochs, without the features that are computed once. */
  readonly secondsAnEpoch: number
}

async function train(policy: Policy, cacheBytes: number): Promise<Trained> {
  const { train: data, validation } = pictures
  const options = { policy, validation, epochs: 5, seed: 1, cacheBytes }
  const { model, history } = await fineTune(await openModel('mobilenet_v1_025'), data, options)
  const weights = classifierOf(model)
  model.dispose()
  const { loss, accuracy, validationLoss, validationAccuracy } = history.at(-1)!
  const seconds = history.map((epoch) => epoch.seconds).sort((a, b) => a - b)
  return {
    values: { loss, accuracy, validationLoss: validationLoss!, validationAccuracy: validationAccuracy! },
    weights,
    secondsAnEpoch: seconds[2]!,
  }
}

const classifierOf = (model: LayersModel): Float32Array =>
  model.getLayer('head.logits').getWeights()[0]!.dataSync<'float32'>().slice()

it.each(['head', 'last-stage'] as const)(
  'gives the numbers of a plain fit with the same frozen body: %s',
  async (policy) => {
    const [kept, plain] = [await train(policy, 2 ** 30), await train(policy, 0)]
    const largest = Math.max(...plain.weights.map(Math.abs))
    const off = Math.max(...plain.weights.map((weight, i) => Math.abs(weight - kept.weights[i]!))) / largest
    process.stderr.write(
      `${policy}: an epoch takes ${kept.secondsAnEpoch.toFixed(3)} s with kept features, ${plain.secondsAnEpoch.toFixed(3)} s without, ` +
        `ratio ${(plain.secondsAnEpoch / kept.secondsAnEpoch).toFixed(1)}; weights differ by ${off.toExponential(1)}\n`,
    )
    expect(off).toBeLessThan(1e-4)
    for (const [name, value] of Object.entries(plain.values)) {
      expect(Math.abs(kept.values[name]! - value) / Math.max(Math.abs(value), 1e-3), name).toBeLessThan(1e-4)
    }
  },
)
