import '@tensorflow/tfjs-backend-cpu'
import { describe, expect, it } from 'vitest'
import { batches } from '../data/batches.ts'
import { type Preprocessing, raw } from '../preprocess/preprocessing.ts'
import { memoryDataset } from '../testing/memory-dataset.ts'
import { mixup } from './mixup.ts'
import { random } from './random.ts'

const preprocessing: Preprocessing = { size: [4, 4], resize: 'short-side', cropFraction: 1, filter: 'bilinear', ...raw }

describe('mixup', () => {
  it('draws a share of Beta(alpha, alpha): its mean, its spread, and that it is symmetric', () => {
    for (const alpha of [0.2, 1, 4]) {
      const rng = random(5)
      const shares = Array.from({ length: 20_000 }, () => mixup({ alpha })(1, rng).share)
      const mean = shares.reduce((sum, share) => sum + share) / shares.length
      const variance = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / shares.length
      expect(mean).toBeCloseTo(0.5, 1.9)
      // Of Beta(a, a): 1 / (4 (2a + 1)).
      expect(variance / (1 / (4 * (2 * alpha + 1)))).toBeCloseTo(1, 1)
      expect(Math.min(...shares)).toBeGreaterThanOrEqual(0)
      expect(Math.max(...shares)).toBeLessThanOrEqual(1)
    }
  })

  it('pairs each picture with one of its batch, each once', () => {
    const { partners } = mixup()(9, random(3))
    expect([...partners].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
    expect(mixup()(9, random(3))).toEqual(mixup()(9, random(3)))
  })

  it('refuses an alpha of 0', () => {
    expect(() => mixup({ alpha: 0 })).toThrow('alpha above 0, not 0')
  })
})

describe('batches with mixup', () => {
  interface Seen {
    readonly grey: number[]
    readonly targets: number[]
    readonly labels: number[]
    readonly indices: number[]
  }

  // The grey of picture i is i, so a blend tells what it was made of.
  async function seen(options: { readonly seed?: number; readonly skip?: number } = {}): Promise<Seen[]> {
    const all: Seen[] = []
    const { seed = 7, skip = 0 } = options
    const source = batches(memoryDataset([6, 6]), {
      batchSize: 4,
      preprocessing,
      shuffle: random(seed),
      mix: mixup({ alpha: 1 }),
      skip,
    })
    for await (const { images, targets, labels, indices } of source) {
      const values = images.dataSync<'float32'>()
      all.push({
        grey: Array.from(indices, (_, i) => values[i * 48]!),
        targets: [...targets!],
        labels: [...labels],
        indices: [...indices],
      })
      images.dispose()
    }
    return all
  }

  it('blends pictures and labels by one share', async () => {
    for (const { grey, targets, indices } of await seen()) {
      expect(grey.reduce((sum, value) => sum + value)).toBeCloseTo(
        indices.reduce((sum, index) => sum + index),
        3,
      )
      for (const [i, index] of indices.entries()) {
        const classOf = (place: number): number => Number(indices[place]! >= 6)
        const fits = indices.some((partner, place) => {
          const share = partner === index ? 1 : (grey[i]! - partner) / (index - partner)
          const own = classOf(i) === classOf(place) ? 1 : share
          return Math.abs(targets[i * 2 + classOf(i)]! - own) < 1e-4
        })
        expect(fits, `picture ${index}`).toBe(true)
        expect(targets[i * 2]! + targets[i * 2 + 1]!).toBeCloseTo(1, 6)
      }
    }
  })

  it('names the class that has the larger part', async () => {
    for (const { targets, labels } of await seen()) {
      for (const [i, label] of labels.entries()) expect(targets[i * 2 + label]).toBeGreaterThanOrEqual(0.5)
    }
  })

  it('is the same for the same seed, also where the epoch goes on in the middle, and another for another', async () => {
    const [first, again, behind, other] = [await seen(), await seen(), await seen({ skip: 1 }), await seen({ seed: 8 })]
    expect(again).toEqual(first)
    expect(behind).toEqual(first.slice(1))
    expect(other).not.toEqual(first)
  })

  it('needs a stream to draw from', () => {
    expect(() => batches(memoryDataset([2, 2]), { batchSize: 2, preprocessing, mix: mixup() })).toThrow(
      'shuffle or random',
    )
  })
})
