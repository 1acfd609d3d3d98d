// Each public function that touches tensors leaves as many as there were before, once its results are disposed.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { selfTest } from '@cnnkit/backend'
import { gradCam, overlay } from '@cnnkit/cam'
import { batches, flip, imageFolder, type PictureDataset, preprocess, type readImage, subset } from '@cnnkit/images'
import { cardOf, costOf, endpoint, runStretch, stages, stretch } from '@cnnkit/layers'
import { applyPolicy, evaluate, fineTune, fit, headRecipe, withHead } from '@cnnkit/transfer'
import { classify, createModel, embed, features, loadModel, modelInfo, saveModel } from '@cnnkit/zoo'
import { memory, type Tensor } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openModel, startBackend, worstMistakes } from './index.ts'

let folder: string
let few: PictureDataset
let photo: Awaited<ReturnType<typeof readImage>>
let network: LayersModel
beforeAll(async () => {
  await startBackend(1)
  folder = await mkdtemp(join(tmpdir(), 'cnnkit-memory-'))
  const flowers = await imageFolder(fileURLToPath(new URL('../../../data/flowers-200', import.meta.url)))
  few = subset(
    flowers,
    Array.from({ length: flowers.size }, (_, i) => i).filter((i) => i % 40 < 2),
  )
  photo = await few.picture(0)
  network = await openModel('mobilenet_v1_025')
  // The first call makes the fused form, which belongs to the network and is kept with it.
  await classify(network, photo)
})
afterAll(() => rm(folder, { recursive: true }))

const fresh = (): Promise<LayersModel> =>
  createModel('mobilenet_v1_025', { weights: null, inputShape: [32, 32, 3], classes: 5, seed: 1 })

const tuned = async (): Promise<LayersModel> => withHead(await openModel('mobilenet_v1_025'), { classes: few.classes })

const functions: Readonly<Record<string, () => Promise<unknown>>> = {
  createModel: async () => (await fresh()).dispose(),
  modelInfo: () => modelInfo('mobilenet_v1_050'),
  classify: () => classify(network, [photo, photo]),
  embed: async () => embed(network, photo).dispose(),
  features: async () => {
    const x = preprocess(photo, cardOf(network).preprocessing)
    const grids = features(network, ['stage2', 'stage4']).predict(x) as Tensor[]
    for (const tensor of [x, ...grids]) tensor.dispose()
  },
  'saveModel and loadModel': async () => {
    await saveModel(network, join(folder, 'model'))
    ;(await loadModel(join(folder, 'model'))).dispose()
  },
  preprocess: async () => preprocess(photo, cardOf(network).preprocessing).dispose(),
  batches: async () => {
    const { preprocessing } = cardOf(network)
    for await (const { images } of batches(few, { batchSize: 4, preprocessing })) {
      images.dispose()
      break
    }
  },
  'costOf, stages': async () => [costOf(network), stages(network)],
  runStretch: async () => {
    const x = preprocess(photo, cardOf(network).preprocessing)
    const y = runStretch(stretch(network, network.inputs[0]!, endpoint(network, 'stage3')), x)
    for (const tensor of [x, y]) tensor.dispose()
  },
  'withHead and applyPolicy': async () => {
    const model = await tuned()
    applyPolicy(model, 'last-stage')
    model.dispose()
  },
  fit: async () => {
    const model = await fresh()
    await fit(model, few, { recipe: headRecipe, epochs: 1, augment: flip() })
    model.dispose()
  },
  fineTune: async () => {
    const options = { policy: { from: { lastStages: 2 } }, epochs: 1, validation: few }
    ;(await fineTune(await openModel('mobilenet_v1_025'), few, options)).model.dispose()
  },
  'evaluate and worstMistakes': async () => {
    const model = await tuned()
    await worstMistakes(model, few, await evaluate(model, few), 2)
    model.dispose()
  },
  'gradCam and overlay': async () => overlay(photo, await gradCam(network, photo, { layer: 'stage4' })),
  selfTest: () => selfTest(),
}

it.each(Object.keys(functions))('%s', async (name) => {
  const before = memory().numTensors
  await functions[name]!()
  expect(memory().numTensors).toBe(before)
})
