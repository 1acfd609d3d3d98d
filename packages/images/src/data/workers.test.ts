import '@tensorflow/tfjs-backend-cpu'
import { execFile } from 'node:child_process'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { memory } from '@tensorflow/tfjs-core'
import { beforeEach, describe, expect, it } from 'vitest'
import { compose } from '../augment/augmentation.ts'
import { colorJitter } from '../augment/color-jitter.ts'
import { cutout } from '../augment/cutout.ts'
import { flip } from '../augment/flip.ts'
import { pcaLighting } from '../augment/lighting.ts'
import { random } from '../augment/random.ts'
import { randomResizedCrop } from '../augment/random-resized-crop.ts'
import { type Preprocessing, torch } from '../preprocess/preprocessing.ts'
import { FLOWERS, sha256 } from '../testing/pictures.ts'
import type { BatchOptions } from './batches.ts'
import { batchesBy } from './batches.ts'
import { type PictureDataset, subset } from './dataset.ts'
import { imageFolder } from './folder.node.ts'
import { nodeWorkers } from './workers.node.ts'
import { type StartWorker, type Workers, workersBy } from './workers.ts'

const preprocessing: Preprocessing = {
  size: [64, 64],
  resize: 'short-side',
  cropFraction: 0.875,
  filter: 'bilinear',
  ...torch,
}

/** Counts the pictures that workers prepared. */
function watched(workers: Workers = nodeWorkers): { readonly workers: Workers; pictures: number; kept: number } {
  const seen = {
    pictures: 0,
    kept: 0,
    workers: {
      prepare: async (...[work, threads, stopped]: Parameters<Workers['prepare']>) => {
        const result = await workers.prepare(work, threads, stopped)
        if (result) seen.pictures += work.sources.length
        seen.kept += work.sources.filter((source) => 'data' in source).length
        return result
      },
    },
  }
  return seen
}

async function shasOf(
  workers: Workers | undefined,
  dataset: PictureDataset,
  options: Partial<BatchOptions> = {},
): Promise<{ ids: readonly string[]; sha: string }[]> {
  const seen: { ids: readonly string[]; sha: string }[] = []
  for await (const { images, ids } of batchesBy(workers, dataset, { batchSize: 4, preprocessing, ...options })) {
    seen.push({ ids, sha: sha256(images.dataSync<'float32'>()) })
    images.dispose()
  }
  return seen
}

const few = async (cacheBytes = 0): Promise<PictureDataset> =>
  subset(
    await imageFolder(FLOWERS, { cacheBytes, shortSide: 100 }),
    Array.from({ length: 22 }, (_, i) => 9 * i),
  )

let tensors: number
beforeEach(() => {
  tensors = memory().numTensors
  return () => expect(memory().numTensors).toBe(tensors)
})

describe('worker threads', () => {
  it.each([1, 2, 3])(
    'give the same values to the bit as the main thread, augmented alike (%i threads)',
    async (workers) => {
      const augment = compose([
        randomResizedCrop({ size: 64, scale: [0.35, 1] }),
        compose([flip(), colorJitter({ brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1 })]),
        pcaLighting(),
        cutout({ fraction: 0.3, fill: 7 }),
      ])
      const dataset = await few()
      const there = watched()
      for (const options of [
        {},
        { augment },
        { augment: flip(1) },
        { augment: randomResizedCrop({ size: [64, 64] }) },
      ]) {
        const drawn = () => ({ ...options, shuffle: random(3), workers })
        const expected = await shasOf(undefined, dataset, drawn())
        expect(await shasOf(there.workers, dataset, drawn())).toEqual(expected)
      }
      expect(there.pictures).toBe(4 * dataset.size)
    },
  )

  it('decode what is kept in memory once, and are handed it from then on', async () => {
    const expected = await shasOf(undefined, await few())
    const dataset = await few(2 ** 24)
    const there = watched()
    expect(await shasOf(there.workers, dataset, { workers: 2 })).toEqual(expected)
    expect(there.kept).toBe(0)
    expect(await shasOf(there.workers, dataset, { workers: 2 })).toEqual(expected)
    expect(there.kept).toBe(dataset.size)
  })

  it('report a broken picture and leave it out, or throw it', async () => {
    const root = await mkdtemp(join(tmpdir(), 'cnnkit-workers-'))
    for (const name of ['daisy', 'roses']) await cp(join(FLOWERS, name), join(root, name), { recursive: true })
    await writeFile(join(root, 'daisy', '0.jpg'), 'text')
    await writeFile(join(root, 'roses', '0.jpg'), '')
    const dataset = await imageFolder(root)
    const told = async (workers: Workers | undefined) => {
      const failures: object[] = []
      const seen = await shasOf(workers, dataset, { workers: 2, onBadFile: (failure) => failures.push(failure) })
      return { failures, seen }
    }
    const here = await told(undefined)
    expect(here.failures).toHaveLength(2)
    expect(await told(nodeWorkers)).toEqual(here)
    const thrown = await shasOf(nodeWorkers, dataset, { workers: 2 }).catch((error) => error)
    expect(thrown).toMatchObject({ name: 'CnnkitError', code: 'NOT_AN_IMAGE' })
    expect(thrown.message).toBe(await shasOf(undefined, dataset).catch((error) => error.message))
    await rm(root, { recursive: true })
  })

  it('stop when the signal says so, and after an early break', async () => {
    const dataset = await few()
    const stop = new AbortController()
    stop.abort()
    const aborted = shasOf(nodeWorkers, dataset, { workers: 2, signal: stop.signal })
    await expect(aborted).rejects.toMatchObject({ code: 'ABORTED' })
    const there = watched()
    for await (const { images } of batchesBy(there.workers, dataset, { batchSize: 2, preprocessing, workers: 2 })) {
      images.dispose()
      break
    }
    const afterwards = there.pictures
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(there.pictures).toBe(afterwards)
    expect(afterwards).toBeLessThan(dataset.size)
  })

  it('leave to the main thread what they cannot do: its own functions, and other data sets', async () => {
    const dataset = await few()
    const there = watched()
    const own = Object.assign((...args: Parameters<ReturnType<typeof flip>>) => flip(1)(...args), {})
    await shasOf(there.workers, dataset, { workers: 1, augment: compose([own, flip()]), random: random(1) })
    const grey = { data: new Uint8Array(64 * 64), width: 64, height: 64, channels: 1 } as const
    const replaced = { ...dataset, picture: async () => grey }
    const [first, second] = await shasOf(there.workers, replaced, { workers: 1 })
    expect(second!.sha).toBe(first!.sha)
    expect(there.pictures).toBe(0)
  })
})

it('ends with the process, which stays until all is read', async () => {
  const program = fileURLToPath(new URL('./workers.fixture.ts', import.meta.url))
  const args = ['--import', import.meta.resolve('tsx'), '--conditions=@cnnkit/source', program, FLOWERS]
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: { ...process.env, NODE_OPTIONS: '' } })
  expect(stdout).toBe('200 pictures')
})

describe('where a worker cannot be had', () => {
  const broken: Readonly<Record<string, StartWorker>> = {
    'does not start': async () => {
      throw new Error('no threads here')
    },
    'is lost at once': async ({ lost }) => {
      setTimeout(lost, 5)
      return { post: () => {}, hold: () => {} }
    },
  }

  it.each(Object.keys(broken))('the main thread does the work: it %s', async (how) => {
    const dataset = await few()
    const there = watched(workersBy(broken[how]!))
    const expected = await shasOf(undefined, dataset)
    expect(await shasOf(there.workers, dataset, { workers: 2 })).toEqual(expected)
    expect(there.pictures).toBe(0)
  })
})
