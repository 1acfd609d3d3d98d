import { fileURLToPath } from 'node:url'
import { batches, imageFolder, type PictureDataset, preprocess, subset } from '@cnnkit/images'
import { cardOf } from '@cnnkit/layers'
import { dispose, oneHot, type Tensor4D, tensor1d, tidy, train } from '@tensorflow/tfjs-core'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import type { Subject } from '../row.ts'

/** Pictures a step. */
const BATCH = 16
/** Steps a pass. */
const STEPS = 6

/** How the pictures of a pass come: each batch is disposed by the one who takes it. */
type Reading = (pictures: PictureDataset, model: LayersModel) => AsyncIterable<Tensor4D>

/** Two batches ahead, by worker threads or by the main thread. */
const ahead = (workers?: number): Reading =>
  async function* (pictures, model) {
    const { preprocessing } = cardOf(model)
    const options = { batchSize: BATCH, preprocessing, ...(workers !== undefined && { workers }) }
    for await (const { images } of batches(pictures, options)) yield images
  }

/** One picture after the other, when the step is done. */
const oneByOne: Reading = async function* (pictures, model) {
  const { preprocessing } = cardOf(model)
  for (let start = 0; start < pictures.size; start += BATCH) {
    const batch = []
    for (let i = start; i < start + BATCH; i++) batch.push(await pictures.picture(i))
    yield preprocess(batch, preprocessing)
  }
}

/** No pictures are read: the batches are there. */
const inMemory = (): Reading => {
  const kept: Tensor4D[] = []
  return async function* (pictures, model) {
    if (kept.length === 0) for await (const images of oneByOne(pictures, model)) kept.push(images)
    for (const images of kept) yield images.clone() as Tensor4D
  }
}

type ReadingName = 'workers' | 'without workers' | 'one by one' | 'in memory'

const readings: Readonly<Record<ReadingName, () => Reading>> = {
  workers: () => ahead(),
  'without workers': () => ahead(0),
  'one by one': () => oneByOne,
  'in memory': inMemory,
}

/**
 * A pass of training over photographs, decoded anew each time. The output is the loss of the first step, which the fresh weights and the
 * first sixteen pictures decide.
 */
export async function photographs(model: LayersModel, reading: ReadingName, threads: number): Promise<Subject> {
  const root = import.meta.url.endsWith('.ts') ? '../../../' : '../../'
  const folder = fileURLToPath(new URL(`${root}data/flowers-200`, import.meta.url))
  const found = await imageFolder(folder, { cacheBytes: 0 })
  const pictures = subset(
    found,
    Array.from({ length: BATCH * STEPS }, (_, i) => 2 * i),
  )
  model.compile({ optimizer: train.sgd(1e-4), loss: 'categoricalCrossentropy' })
  const classes = model.outputs[0]!.shape[1]!
  const labels = tidy(() => oneHot(tensor1d(new Int32Array(BATCH), 'int32'), classes))
  const read = readings[reading]()
  let [first, passes, waited, all] = [Number.NaN, 0, 0, 0]
  return {
    threads,
    run: async () => {
      const start = performance.now()
      let [since, waiting] = [start, 0]
      for await (const images of read(pictures, model)) {
        waiting += performance.now() - since
        const loss = (await model.trainOnBatch(images, labels)) as number
        if (Number.isNaN(first)) first = loss
        dispose(images)
        since = performance.now()
      }
      if (passes++ === 0) return // It starts the threads and compiles the network.
      waited += waiting
      all += performance.now() - start
    },
    waiting: () => waited / all,
    output: async () => [first],
  }
}
