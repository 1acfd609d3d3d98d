import '@tensorflow/tfjs-backend-cpu'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mixup, type PictureDataset } from '@cnnkit/images'
import { endpoint, runStretch, stretch } from '@cnnkit/layers'
import { memory, mul, setBackend, slice, type Tensor, tidy } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Embedder, type FineTuneOptions, fineTune } from '../index.ts'
import { colours, toyModel } from '../toy.fixture.ts'
import { featureFolder } from './feature-folder.ts'

beforeAll(() => setBackend('cpu'))

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cnnkit-kept-'))
})
afterEach(() => rm(folder, { recursive: true }))

const recipe = { optimizer: { kind: 'adamw' }, learningRate: 0.02, schedule: { kind: 'cosine' } } as const
const common = { recipe, epochs: 3, batchSize: 8, validation: colours(9, 3) }

async function trained(options: Partial<FineTuneOptions> = {}, data = colours(20)): Promise<number[]> {
  const { model, history } = await fineTune(toyModel(), data, { ...common, ...options })
  const weights = model.weights.flatMap((weight) => [...weight.read().dataSync()])
  model.dispose()
  return [...weights, ...history.flatMap(({ loss, accuracy, validationLoss }) => [loss, accuracy, validationLoss!])]
}

/** A data set that notes which pictures were read. */
function watched(data: PictureDataset): { readonly data: PictureDataset; readonly read: number[] } {
  const read: number[] = []
  return {
    read,
    data: {
      ...data,
      picture: (index) => {
        read.push(index)
        return data.picture(index)
      },
    },
  }
}

/** How far numbers are from others, over the largest of these. */
const apart = (values: readonly number[], others: readonly number[]): number =>
  Math.max(...values.map((value, i) => Math.abs(value - others[i]!))) / Math.max(...others.map(Math.abs))

/** What the network's own frozen part gives below the classifier. */
function ownEmbedder(model: LayersModel): Embedder {
  const body = stretch(model, model.inputs[0]!, endpoint(model, 'head.pool'))
  return (pictures) => tidy(() => runStretch(body, pictures))
}

describe('kept features', () => {
  it('give the same weights to the bit from memory and from the disk, and the files are gone in the end', async () => {
    const before = memory().numTensors
    const fromMemory = await trained()
    const fromDisk = await trained({ cacheBytes: 0, features: featureFolder(join(folder, 'features')) })
    const throughDisk = await trained({ features: featureFolder(join(folder, 'features')) })
    expect(fromDisk).toEqual(fromMemory)
    expect(throughDisk).toEqual(fromMemory)
    expect(await readdir(folder)).toEqual([])
    expect(memory().numTensors).toBe(before)
  })

  it('give what a plain fit gives that runs the same frozen body anew, layer by layer, to 1e-4', async () => {
    const other = toyModel()
    const plain = await trained({ cacheBytes: 0, embedder: ownEmbedder(other) })
    other.dispose()
    expect(apart(await trained(), plain)).toBeLessThan(1e-4)
    expect(apart(await trained({ cacheBytes: 0 }), plain)).toBeLessThan(1e-4)
  })

  it('are computed in the fused form, which is gone before the first step', async () => {
    const other = toyModel()
    const before = memory().numTensors
    const during = async (options: Partial<FineTuneOptions>): Promise<Record<string, number>> => {
      const tensors: Record<string, number> = {}
      await trained({
        ...options,
        onProgress: ({ phase }) => {
          tensors[phase] ??= memory().numTensors - before
        },
      })
      return tensors
    }
    const [fused, plain] = [await during({}), await during({ embedder: ownEmbedder(other) })]
    expect(fused.features).toBeGreaterThan(plain.features!)
    expect(fused.train).toBe(plain.train)
    other.dispose()
  })

  it('are computed once, and not again for another run on the same pictures', async () => {
    const store = featureFolder(folder, { keep: true })
    const first = watched(colours(20))
    const weights = await trained({ features: store }, first.data)
    expect(first.read).toHaveLength(20)
    const second = watched(colours(20))
    expect(await trained({ features: store }, second.data)).toEqual(weights)
    expect(second.read).toEqual([])
  })

  it('are computed again for other pictures, another network or another preprocessing', async () => {
    const store = featureFolder(folder, { keep: true })
    await trained({ features: store })
    const renamed = watched({ ...colours(20), id: (i) => `other/${i}.png` })
    await trained({ features: store }, renamed.data)
    expect(renamed.read).toHaveLength(20)
    const deeper = watched(colours(20))
    await trained({ features: store, policy: 'last-stage' }, deeper.data)
    expect(deeper.read).toHaveLength(20)
  })

  it('go on being computed where a stopped run was', async () => {
    const whole = await trained()
    const options = { features: featureFolder(join(folder, 'features')) }
    const controller = new AbortController()
    const first = watched(colours(20))
    const onProgress = ({ phase, step }: { phase: string; step: number }): void => {
      if (phase === 'features' && step === 1) controller.abort()
    }
    await expect(trained({ ...options, onProgress, signal: controller.signal }, first.data)).rejects.toMatchObject({
      code: 'ABORTED',
    })
    const second = watched(colours(20))
    expect(await trained(options, second.data)).toEqual(whole)
    expect(second.read.length).toBeLessThanOrEqual(12)
    expect(second.read).not.toContain(0)
  })

  it('are left alone where pictures are mixed: the frozen part sees the mixed ones', async () => {
    const seen = watched(colours(20))
    const mixed = await trained({ mix: mixup({ alpha: 1 }) }, seen.data)
    expect(seen.read).toHaveLength(60)
    expect(mixed).not.toEqual(await trained())
    expect(await trained({ mix: mixup({ alpha: 1 }) })).toEqual(mixed)
  })
})

describe('an embedder', () => {
  it('takes the place of the frozen part, for the held-out pictures too', async () => {
    const before = memory().numTensors
    const other = toyModel()
    const calls: number[] = []
    const own = ownEmbedder(other)
    const embedder: Embedder = (pictures) => {
      calls.push(pictures.shape[0])
      return own(pictures)
    }
    expect(apart(await trained({ embedder }), await trained())).toBeLessThan(1e-4)
    expect(calls).toEqual([8, 8, 4, 8, 1])
    other.dispose()
    expect(memory().numTensors).toBe(before)
  })

  it('may give other features than the network, and those are what the classifier learns from', async () => {
    const other = toyModel()
    const own = ownEmbedder(other)
    const embedder: Embedder = async (pictures) => {
      const features = await own(pictures)
      const twice = mul(features, 2)
      features.dispose()
      return twice
    }
    expect(await trained({ embedder })).not.toEqual(await trained())
    other.dispose()
  })

  it('is refused where its features do not fit what is trained', async () => {
    const before = memory().numTensors
    const other = toyModel()
    const own = ownEmbedder(other)
    const narrow: Embedder = async (pictures) => {
      const features = (await own(pictures)) as Tensor
      const some = slice(features, [0, 0], [-1, 5])
      features.dispose()
      return some
    }
    await expect(trained({ embedder: narrow })).rejects.toThrow(
      'gave float32 of shape [8, 5] for 8 pictures; training begins behind "head.pool", which gives float32 of shape [8, 8]',
    )
    other.dispose()
    expect(memory().numTensors).toBe(before)
  })
})

describe('a picture that cannot be read', () => {
  const withBroken = (): PictureDataset => {
    const data = colours(21)
    const broken = Object.assign(new Error('no picture'), { name: 'CnnkitError', code: 'NOT_AN_IMAGE' })
    return { ...data, picture: (i) => (i === 20 ? Promise.reject(broken) : data.picture(i)) }
  }

  it('ends the run with its name, and leaves no tensor', async () => {
    const before = memory().numTensors
    await expect(trained({}, withBroken())).rejects.toMatchObject({ code: 'NOT_AN_IMAGE' })
    expect(memory().numTensors).toBe(before)
  })

  it('is reported and left out where asked, as if it had not been there', async () => {
    const failures: string[] = []
    const rest = await trained({ onBadFile: ({ id }) => failures.push(id) }, withBroken())
    expect(failures).toEqual(['20.png'])
    expect(rest).toEqual(await trained())
  })
})
