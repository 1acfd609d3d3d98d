import '@tensorflow/tfjs-backend-cpu'
import { cp, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readImage } from '@cnnkit/images'
import { cardOf } from '@cnnkit/layers'
import { mobilenetV1025 } from '@cnnkit/weights-mobilenet-v1-025'
import { memory, setBackend, type Tensor, zeros } from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { classify, createModel, loadModel, type ModelName, saveModel } from './index.ts'

let folder: string
beforeAll(async () => {
  await setBackend('cpu')
  folder = await mkdtemp(join(tmpdir(), 'cnnkit-zoo-'))
  const model = await createModel('mobilenet_v1_025', { weights: mobilenetV1025, classes: 3, seed: 1 })
  await saveModel(model, join(folder, 'saved'))
  model.dispose()
})
afterAll(() => rm(folder, { recursive: true }))

const refused = async (attempt: Promise<unknown>, code: string, ...words: string[]): Promise<void> => {
  const before = memory().numTensors
  const error = await attempt.then(
    () => undefined,
    (reason: unknown) => reason as Error & { code: string },
  )
  expect(error, 'nothing was refused').toBeDefined()
  expect(error!.code).toBe(code)
  for (const word of words) expect(error!.message).toContain(word)
  expect(memory().numTensors).toBe(before)
}

describe('options that cannot be', () => {
  it('name the value and what there is', async () => {
    await refused(createModel('resnet5O' as ModelName), 'UNKNOWN_MODEL', '"resnet5O"', 'resnet50')
    await refused(createModel('resnet50', { weights: 'imagenet' }), 'UNKNOWN_WEIGHTS', '"imagenet"', 'keras-2017-in1k')
    await refused(createModel('plain18'), 'NO_WEIGHTS', 'plain18', '`weights: null`')
    await refused(createModel('resnet50', { flavor: 'torch', weights: null }), 'UNKNOWN_FLAVOR', '"torch"', '"keras"')
    await refused(
      createModel('mobilenet_v1_025', { inputShape: [16, 224, 3], weights: null }),
      'BAD_INPUT_SHAPE',
      '[16, 224, 3]',
      'at least 32',
    )
    await refused(createModel('mobilenet_v1_025', { classes: 0 }), 'BAD_CLASSES', '0')
  })
})

describe('weights that do not fit', () => {
  it('are refused with what is missing and what is left over, and leak nothing', async () => {
    await refused(
      createModel('mobilenet_v1_050', { weights: mobilenetV1025 }),
      'WEIGHTS_MISMATCH',
      'mobilenet_v1_050',
      'conv1/kernel is [3, 3, 3, 8] and should be [3, 3, 3, 16]',
      'and 131 more',
    )
    await refused(createModel('resnet50', { weights: mobilenetV1025 }), 'WEIGHTS_MISMATCH', 'missing')
  })

  it('load from a folder that cnnkit saved, by our own paths', async () => {
    const model = await createModel('mobilenet_v1_025', { weights: join(folder, 'saved'), classes: 3 })
    expect(model.outputShape).toEqual([null, 3])
    model.dispose()
  })

  it('are aborted when the signal says so', async () => {
    const signal = AbortSignal.abort()
    await refused(createModel('mobilenet_v1_025', { weights: mobilenetV1025, signal }), 'ABORTED')
  })
})

describe('saved models', () => {
  it('classify after loading as they did before, with their card', async () => {
    const before = memory().numTensors
    const model = await createModel('mobilenet_v1_025', { weights: mobilenetV1025 })
    await saveModel(model, join(folder, 'again'))
    const loaded = await loadModel(join(folder, 'again'))
    expect(cardOf(loaded)).toEqual(cardOf(model))
    const x = zeros([1, 224, 224, 3])
    const [a, b] = [model, loaded].map((m) => m.predict(x) as Tensor)
    expect([...a!.dataSync()]).toEqual([...b!.dataSync()])
    for (const tensor of [x, a!, b!]) tensor.dispose()
    model.dispose()
    loaded.dispose()
    expect(memory().numTensors).toBe(before)
  })

  it('with a missing or truncated file are refused by name', async () => {
    const broken = join(folder, 'broken')
    await cp(join(folder, 'saved'), broken, { recursive: true })
    const shard = join(broken, (await readdir(broken)).find((file) => file.endsWith('.bin'))!)
    await truncate(shard, 1000)
    await refused(loadModel(broken), 'SHARD_SIZE', '1000 bytes')
    await rm(shard)
    await refused(loadModel(broken), 'SHARD_MISSING', shard.split('/').at(-1)!)
    await refused(loadModel(join(folder, 'nowhere')), 'NOT_FOUND', 'nowhere')
  })
})

describe('pictures', () => {
  it('that are none are refused by name', async () => {
    const file = join(folder, 'note.jpg')
    await writeFile(file, 'this is a note')
    await refused(readImage(file), 'NOT_AN_IMAGE', 'note.jpg')
    expect(await readFile(file, 'utf8')).toBe('this is a note')
  })

  it('cannot be classified by a model without a classifier', async () => {
    const body = await createModel('mobilenet_v1_025', { weights: mobilenetV1025, includeTop: false })
    const picture = { data: new Uint8Array(32 * 32 * 3), width: 32, height: 32, channels: 3 } as const
    await refused(classify(body, picture), 'NO_TOP', '`includeTop: true`')
    body.dispose()
  })
})
