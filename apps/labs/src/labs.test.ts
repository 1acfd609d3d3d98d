import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { imageFolder, type Split, split, subset } from '@cnnkit/images'
import { cardOf, layersAt } from '@cnnkit/layers'
import { trainedStages } from '@cnnkit/transfer'
import { createModel, saveModel } from '@cnnkit/zoo'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { startBackend } from 'cnnkit'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Lab } from './lab.ts'
import { mobilenetV2 } from './mobilenet-v2.ts'
import { vgg16 } from './vgg16.ts'

let pictures: Split
beforeAll(async () => {
  await startBackend(1)
  const flowers = await imageFolder(fileURLToPath(new URL('../../../data/flowers-200', import.meta.url)))
  const few = Array.from({ length: flowers.size }, (_, i) => i).filter((i) => i % 40 < 4)
  pictures = split(subset(flowers, few), { holdOut: 0.25, seed: 1 })
})

const labs: readonly (readonly [string, Lab, readonly string[], readonly string[]])[] = [
  ['VGG-16', vgg16, ['new classifier'], ['head']],
  ['MobileNet v2', mobilenetV2, ['new classifier', 'the body from stage4.block6 on'], ['stage4', 'stage5', 'head']],
]

describe('the lab with random weights on small pictures', () => {
  it.each(labs)('of %s trains what it says, and names the classes', async (_, lab, names, trained) => {
    const { model, parts } = await lab(pictures, { weights: null, epochs: 2, size: 32 })
    expect(parts.map(({ name }) => name)).toEqual(names)
    for (const { history } of parts) {
      expect(history).toHaveLength(2)
      for (const { loss, validationAccuracy } of history) {
        expect(Number.isFinite(loss)).toBe(true)
        expect(validationAccuracy).toBeGreaterThanOrEqual(0)
      }
    }
    expect(trainedStages(model)).toEqual(trained)
    expect(cardOf(model).labels).toEqual(['daisy', 'dandelion', 'roses', 'sunflowers', 'tulips'])
    expect(openBlocks(model)).not.toContain('stage4.block5')
    model.dispose()
  })
})

describe('the lab with weights from a file that the user names', () => {
  it('begins with that body, which stays as it is below what is trained', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'cnnkit-lab-'))
    const published = await createModel('mobilenet_v2_100', { weights: null, seed: 8, inputShape: [32, 32, 3] })
    await saveModel(published, folder)
    const { model } = await mobilenetV2(pictures, { weights: join(folder, 'model.json'), epochs: 1, size: 32 })
    for (const path of ['stem', 'stage1', 'stage4.block5']) {
      expect(valuesAt(model, path), path).toEqual(valuesAt(published, path))
    }
    expect(valuesAt(model, 'stage5')).not.toEqual(valuesAt(published, 'stage5'))
    for (const disposable of [model, published]) disposable.dispose()
    await rm(folder, { recursive: true })
  })
})

function valuesAt(model: LayersModel, path: string): readonly number[] {
  return layersAt(model, path).flatMap((layer) => layer.weights.flatMap((weight) => [...weight.read().dataSync()]))
}

function openBlocks(model: LayersModel): readonly string[] {
  const open = model.layers.filter((layer) => layer.trainableWeights.length > 0)
  return [...new Set(open.map(({ name }) => name.split('.').slice(0, 2).join('.')))]
}
