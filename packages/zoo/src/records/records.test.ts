import '@tensorflow/tfjs-backend-cpu'
import { readFileSync } from 'node:fs'
import { costOf } from '@cnnkit/layers'
import { setBackend } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Architecture } from '../architecture.ts'
import { buildNetwork } from '../build-network.ts'
import { listModels } from '../list-models.ts'
import { architectureOf, type ModelName } from '../models.ts'

interface KerasRow {
  readonly parameters: number
  readonly trainable: number
  readonly withoutTop: number
  readonly gmacs: number
  readonly inputSize: number
  readonly url: string
  readonly md5: string | null
  readonly accuracy: readonly [number, number]
}

interface TorchvisionRow {
  readonly parameters: number
  readonly gmacs: number
  readonly files: readonly { readonly url: string; readonly top1: number | null; readonly top5: number | null }[]
}

const published = JSON.parse(readFileSync(new URL('../golden/published-weights.json', import.meta.url), 'utf8')) as {
  keras: Record<string, KerasRow>
  torchvision: Record<string, TorchvisionRow>
}

beforeAll(() => setBackend('cpu'))

const costIn = (architecture: Architecture, flavorName: string, options = {}): ReturnType<typeof costOf> => {
  const flavor = architecture.flavors.find(({ name }) => name === flavorName)!
  const model = buildNetwork(architecture, options, { flavor, weightsFollow: true })
  const cost = costOf(model)
  model.dispose()
  return cost
}

describe.each(listModels().map((name) => [name]))('the records of %s', (name) => {
  it('fit the network: flavor, classes, preprocessing, sources', async () => {
    const { records, flavors, minimumSize } = await architectureOf(name)
    expect(new Set(records.map(({ tag }) => tag)).size).toBe(records.length)
    for (const record of records) {
      expect(flavors.map((flavor) => flavor.name)).toContain(record.flavor)
      expect(record.tag).toMatch(/^[a-z0-9._-]+$/)
      const { size, mean, std, cropFraction } = record.preprocessing
      expect(Math.min(...size)).toBeGreaterThanOrEqual(minimumSize)
      expect([mean.length, std.length]).toEqual([3, 3])
      expect(cropFraction).toBeGreaterThan(0.5)
      expect(cropFraction).toBeLessThanOrEqual(1)
      expect(record.classes).toBe(record.labels === 'imagenet-1k' ? 1000 : record.labels.length)
      expect(record.licence.length).toBeGreaterThan(2)
      expect(record.publisher.length).toBeGreaterThan(2)
      expect(record.sources.length).toBeGreaterThan(0)
      if (record.accuracy) {
        expect(record.accuracy.top1).toBeGreaterThan(30)
        // Of CIFAR-10's ten classes only the first is published.
        const { top1, top5 = top1 + 0.1 } = record.accuracy
        expect(top5).toBeGreaterThan(top1)
        expect(top5).toBeLessThan(100)
      }
      for (const source of record.sources) {
        if (source.kind !== 'url') continue
        expect(source.url).toMatch(/^https:\/\/\S+$/)
        // A checksum, or the word that there is none: nothing is left open.
        expect(source.checksum).toMatch(
          /^(md5:[\da-f]{32}|sha1:[\da-f]{40}|sha256:[\da-f]{64}|sha256-prefix:[\da-f]{8,}|sha384:[\da-f]{96}|none)$/,
        )
        const digits = /-([\da-f]{8})\.pth$/.exec(source.url)?.[1]
        if (digits && source.checksum?.startsWith('sha256-prefix')) expect(source.checksum).toContain(digits)
      }
    }
  })
})

describe.each(Object.entries(published.keras))("Keras' %s", (name, keras) => {
  it('has its parameters, multiply-accumulates, input and weights here', async () => {
    const architecture = await architectureOf(name as ModelName)
    const cost = costIn(architecture, 'keras')
    expect(cost.parameters).toBe(keras.parameters)
    expect(cost.trainableParameters).toBe(keras.trainable)
    expect(cost.multiplyAccumulates / 1e9).toBeCloseTo(keras.gmacs, 3)
    expect(costIn(architecture, 'keras', { includeTop: false }).parameters).toBe(keras.withoutTop)
    const record = architecture.records.find(({ tag }) => tag === 'keras-in1k')!
    expect(record.preprocessing.size).toEqual([keras.inputSize, keras.inputSize])
    expect([record.accuracy?.top1, record.accuracy?.top5]).toEqual(keras.accuracy)
    const checksum = keras.md5 === null ? 'none' : `md5:${keras.md5}`
    expect(record.sources).toContainEqual(expect.objectContaining({ kind: 'url', url: keras.url, checksum }))
  })
})

describe.each(Object.entries(published.torchvision))("torchvision's %s", (name, torchvision) => {
  it('has its parameters, multiply-accumulates and weights here', async () => {
    const architecture = await architectureOf(name as ModelName)
    const auxiliary = name === 'inception_v3'
    const cost = costIn(architecture, 'torchvision', { auxiliary })
    expect(cost.parameters - 2 * norms(cost)).toBe(torchvision.parameters)
    expect(costIn(architecture, 'torchvision').multiplyAccumulates / 1e9).toBeCloseTo(torchvision.gmacs, 3)
    const urls = new Map(
      architecture.records.flatMap((record) =>
        record.sources.flatMap((source) => (source.kind === 'url' ? [[source.url, record] as const] : [])),
      ),
    )
    for (const { url, top1, top5 } of torchvision.files.filter((file) => file.top1 !== null)) {
      expect([...urls.keys()]).toContain(url)
      expect(urls.get(url)!.accuracy).toMatchObject({ top1, top5 })
    }
  })
})

/** Channels of all norms: torchvision does not count moving statistics as parameters. */
function norms(cost: ReturnType<typeof costOf>): number {
  const normed = cost.layers.filter(({ kind }) => kind === 'BatchNormalization')
  return normed.reduce((sum, { outputShape }) => sum + outputShape.at(-1)!, 0)
}
