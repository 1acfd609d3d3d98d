import '@tensorflow/tfjs-backend-cpu'
import { memory } from '@tensorflow/tfjs-core'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { compose } from '../augment/augmentation.ts'
import { flip } from '../augment/flip.ts'
import { random } from '../augment/random.ts'
import { randomResizedCrop } from '../augment/random-resized-crop.ts'
import { preprocess } from '../preprocess/preprocess.ts'
import { type Preprocessing, raw } from '../preprocess/preprocessing.ts'
import { memoryDataset } from '../testing/memory-dataset.ts'
import { sha256 } from '../testing/pictures.ts'
import { type BatchOptions, batches } from './batches.ts'
import type { PictureDataset } from './dataset.ts'

const preprocessing: Preprocessing = { size: [4, 4], resize: 'short-side', cropFraction: 1, filter: 'bilinear', ...raw }

interface Seen {
  readonly ids: readonly string[]
  readonly labels: number[]
  readonly shape: number[]
  readonly sha: string
}

async function epochOf(dataset: PictureDataset, options: Partial<BatchOptions> = {}): Promise<Seen[]> {
  const seen: Seen[] = []
  for await (const { images, ids, labels } of batches(dataset, { batchSize: 3, preprocessing, ...options })) {
    seen.push({ ids, labels: [...labels], shape: images.shape, sha: sha256(images.dataSync<'float32'>()) })
    images.dispose()
  }
  return seen
}

let tensors: number
beforeEach(() => {
  tensors = memory().numTensors
  return () => expect(memory().numTensors).toBe(tensors)
})

describe('batches', () => {
  it('gives the data set in order, preprocessed, the last batch smaller', async () => {
    const dataset = memoryDataset([3, 4])
    const seen = await epochOf(dataset)
    expect(seen.map(({ ids }) => ids)).toEqual([['p0', 'p1', 'p2'], ['p3', 'p4', 'p5'], ['p6']])
    expect(seen.map(({ labels }) => labels)).toEqual([[0, 0, 0], [1, 1, 1], [1]])
    expect(seen[1]!.shape).toEqual([3, 4, 4, 3])
    const expected = preprocess(await Promise.all([3, 4, 5].map((i) => dataset.picture(i))), preprocessing)
    expect(seen[1]!.sha).toBe(sha256(expected.dataSync<'float32'>()))
    expected.dispose()
    expect((await epochOf(dataset, { dropLast: true })).length).toBe(2)
    expect(batches(dataset, { batchSize: 3, preprocessing }).length).toBe(3)
  })

  it('draws a new order for each epoch, the same for the same seed', async () => {
    const dataset = memoryDataset([10, 10])
    const two = async (seed: number): Promise<string[][]> => {
      const source = batches(dataset, { batchSize: 20, preprocessing, shuffle: random(seed) })
      const orders: string[][] = []
      for (let epoch = 0; epoch < 2; epoch++) {
        for await (const { images, ids } of source) {
          orders.push([...ids])
          images.dispose()
        }
      }
      return orders
    }
    const [first, second] = await two(3)
    expect(first).not.toEqual(second)
    expect([...first!].sort()).toEqual([...second!].sort())
    expect(await two(3)).toEqual([first, second])
    expect((await two(4))[0]).not.toEqual(first)
  })

  it('gives the same pictures whatever the timing and the prefetch', async () => {
    const augment = compose([randomResizedCrop({ size: 4 }), flip()])
    const run = (options: Partial<BatchOptions>, delay: (id: string) => number) =>
      epochOf(memoryDataset([6, 6], { delay }), { shuffle: random(1), augment, ...options })
    const expected = await run({ prefetch: 0, concurrency: 1 }, () => 0)
    expect(await run({ prefetch: 3, concurrency: 8 }, (id) => (Number(id.slice(1)) * 7) % 11)).toEqual(expected)
    expect(await run({ shuffle: random(2) }, () => 0)).not.toEqual(expected)
  })

  it('resumes within an epoch with the batches that it would have given', async () => {
    const options = { augment: flip(), batchSize: 2 }
    const dataset = memoryDataset([5, 5])
    const reads: string[] = []
    const watched = memoryDataset([5, 5], { onRead: (id) => reads.push(id) })
    const whole = await epochOf(dataset, { ...options, shuffle: random(9) })
    expect(await epochOf(watched, { ...options, shuffle: random(9), skip: 3 })).toEqual(whole.slice(3))
    expect(reads.length).toBe(4)
  })

  it('only normalises what an augmentation has framed', async () => {
    const frame = randomResizedCrop({ size: 4, scale: [1, 1], ratio: [1.5, 1.5] })
    const zoomed = { ...preprocessing, cropFraction: 0.5 }
    const [framed] = await epochOf(memoryDataset([1, 1]), { augment: frame, random: random(0), preprocessing: zoomed })
    expect(framed!.shape).toEqual([2, 4, 4, 3])
    const seen: number[] = []
    const dataset = memoryDataset([2, 2])
    const size = [4, 4] as const
    const corner = Object.assign(
      () => ({ data: Uint8Array.from({ length: 48 }, (_, i) => i), width: 4, height: 4, channels: 3 }) as const,
      { size },
    )
    for await (const { images } of batches(dataset, {
      batchSize: 1,
      preprocessing: zoomed,
      augment: corner,
      random: random(0),
    })) {
      seen.push(...images.dataSync().slice(0, 2))
      images.dispose()
    }
    expect(seen).toEqual([0, 1, 0, 1, 0, 1, 0, 1])
  })

  it('reports a bad file and leaves it out, or throws it', async () => {
    const dataset = memoryDataset([4, 4], { bad: ['p1', 'p6', 'p7'] })
    const failures: string[] = []
    const seen = await epochOf(dataset, { onBadFile: ({ id }) => failures.push(id) })
    expect(failures.sort()).toEqual(['p1', 'p6', 'p7'])
    expect(seen.map(({ ids }) => ids)).toEqual([
      ['p0', 'p2'],
      ['p3', 'p4', 'p5'],
    ])
    const only = await epochOf(memoryDataset([4, 4]), {})
    expect(seen[1]!.sha).toBe(only[1]!.sha)
    expect(seen[0]!.shape).toEqual([2, 4, 4, 3])
    await expect(epochOf(dataset)).rejects.toMatchObject({ code: 'NOT_AN_IMAGE' })
  })
})

describe('reading ahead', () => {
  it('decodes the next batches while the consumer works, and no more than asked', async () => {
    const reads: string[] = []
    const source = batches(memoryDataset([10, 10], { onRead: (id) => reads.push(id) }), {
      batchSize: 2,
      preprocessing,
      prefetch: 3,
    })
    const iterator = source[Symbol.asyncIterator]()
    const { value } = await iterator.next()
    value!.images.dispose()
    await vi.waitFor(() => expect(reads.length).toBe(8))
    await new Promise((resolve) => setTimeout(resolve, 30))
    expect(reads.length).toBe(8)
    await iterator.return!()
  })

  it('never decodes more pictures at a time than asked', async () => {
    let now = 0
    let most = 0
    const dataset = memoryDataset([10, 10], { delay: () => 3 })
    const picture = async (index: number) => {
      most = Math.max(most, ++now)
      return dataset.picture(index).finally(() => now--)
    }
    await epochOf({ ...dataset, picture }, { batchSize: 5, concurrency: 3 })
    expect(most).toBe(3)
  })

  it('stops at an early break: nothing is read after it and no tensor is left', async () => {
    const reads: string[] = []
    const dataset = memoryDataset([20, 20], { onRead: (id) => reads.push(id), delay: () => 2 })
    for await (const { images } of batches(dataset, { batchSize: 4, preprocessing, concurrency: 2 })) {
      images.dispose()
      break
    }
    const afterwards = reads.length
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(reads.length).toBe(afterwards)
    expect(afterwards).toBeLessThan(12)
  })

  it('stops when the signal says so', async () => {
    const stop = new AbortController()
    const dataset = memoryDataset([20, 20], { onRead: (id) => id === 'p9' && stop.abort(), delay: () => 2 })
    await expect(epochOf(dataset, { signal: stop.signal })).rejects.toMatchObject({ code: 'ABORTED' })
  })
})

it('refuses options that make no sense', () => {
  const dataset = memoryDataset([2, 2])
  const wrong = (options: Partial<BatchOptions>) => () => batches(dataset, { batchSize: 2, preprocessing, ...options })
  expect(wrong({ batchSize: 0 })).toThrow('batchSize is 0')
  expect(wrong({ prefetch: -1 })).toThrow('at least 0')
  expect(wrong({ concurrency: 0 })).toThrow('concurrency is 0')
  expect(wrong({ augment: flip() })).toThrow('give shuffle or random')
})
