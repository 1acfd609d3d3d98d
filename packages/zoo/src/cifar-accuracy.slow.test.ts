import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { wasm } from '@cnnkit/backend-wasm'
import { type Picture, preprocess } from '@cnnkit/images'
import { cardOf } from '@cnnkit/layers'
import { cacheLocation } from '@cnnkit/weights'
import { argMax, memory, type Tensor, tidy } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { beforeAll, describe, expect, it } from 'vitest'
import { createModel, type ModelName } from './index.ts'
import { type Cifar10, cifar10 } from './testing/cifar10.ts'

// The genuine checkpoints, beside the repository if they are there, else from their publisher.
const beside = fileURLToPath(new URL('../../../../shared/data/weights/resnet-cifar10-torch', import.meta.url))

function checkpoint(depth: number): { weights?: string } {
  if (!existsSync(beside)) return {}
  return { weights: join(beside, readdirSync(beside).find((file) => file.startsWith(`resnet${depth}-`))!) }
}

/** Share of the pictures whose most probable class is another than theirs, in percent. */
function errorOf(model: LayersModel, pictures: readonly Picture[], labels: readonly number[]): number {
  const { preprocessing } = cardOf(model)
  let wrong = 0
  for (let from = 0; from < pictures.length; from += 500) {
    const found = tidy(() => {
      const x = preprocess(pictures.slice(from, from + 500), preprocessing)
      return argMax(model.predict(x) as Tensor, -1).dataSync<'int32'>()
    })
    wrong += found.filter((label, i) => label !== labels[from + i]).length
  }
  return (100 * wrong) / pictures.length
}

describe("akamaster's ResNets on CIFAR-10's 10,000 test pictures", () => {
  let test: Cifar10
  beforeAll(async () => {
    await wasm().start()
    test = await cifar10('test', cacheLocation())
  })

  it('sees each class a thousand times', () => {
    const counts = Array.from({ length: 10 }, (_, label) => test.labels.filter((other) => other === label).length)
    expect(counts).toEqual(Array(10).fill(1000))
    expect(test.pictures.length).toBe(10_000)
  })

  it.each([
    { depth: 20, published: 8.27 },
    { depth: 32, published: 7.37 },
    { depth: 44, published: 6.9 },
    { depth: 56, published: 6.61 },
  ])('ResNet-$depth is wrong of $published percent, as published, within 0.15 points', async ({ depth, published }) => {
    const before = memory().numTensors
    const model = await createModel(`resnet${depth}_cifar` as ModelName, checkpoint(depth))
    const error = errorOf(model, test.pictures, test.labels)
    console.log(`ResNet-${depth}: ${error.toFixed(2)} %, published ${published} %`)
    model.dispose()
    expect(Math.abs(error - published)).toBeLessThanOrEqual(0.15)
    expect(memory().numTensors).toBe(before)
  })
})
