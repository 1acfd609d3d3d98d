// How long the backend waits for pictures: the share of a pass over photographs that is spent before the next batch is there. The bench has a
// training step (`npm run bench -- --row pictures`); this is the hardest case, the forward pass alone of the smallest network.
import { fileURLToPath } from 'node:url'
import { batches, imageFolder } from '@cnnkit/images'
import { cardOf } from '@cnnkit/layers'
import { type Tensor, tidy } from '@tensorflow/tfjs-core'
import { openModel, startBackend } from 'cnnkit'
import { beforeAll, expect, it } from 'vitest'

beforeAll(async () => {
  await startBackend(1)
})

/** Which share of the second pass is spent waiting: the first starts the threads and compiles the network. */
async function waiting(workers: number, prefetch: number): Promise<number> {
  const model = await openModel('mobilenet_v1_025')
  const { preprocessing } = cardOf(model)
  // Nothing is kept: each picture is decoded in this pass.
  const flowers = await imageFolder(fileURLToPath(new URL('../../../data/flowers-200', import.meta.url)), {
    cacheBytes: 0,
  })
  let share = 0
  for (let pass = 0; pass < 2; pass++) {
    let [waited, worked, since] = [0, 0, performance.now()]
    for await (const { images } of batches(flowers, { batchSize: 16, preprocessing, prefetch, workers })) {
      const there = performance.now()
      waited += there - since
      const scores = tidy(() => model.predict(images) as Tensor)
      await scores.data()
      images.dispose()
      scores.dispose()
      since = performance.now()
      worked += since - there
    }
    share = waited / (waited + worked)
    const all = waited + worked
    process.stderr.write(
      `${workers} worker threads, ${prefetch} batches ahead: waits ${(100 * share).toFixed(1)} % of a pass, ${((1000 * flowers.size) / all).toFixed(0)} pictures/s\n`,
    )
  }
  model.dispose()
  return share
}

it('waits less for pictures that another thread gets ready', async () => {
  const naive = await waiting(0, 0)
  const ahead = await waiting(0, 2)
  const threaded = await waiting(1, 2)
  expect(threaded).toBeLessThan(Math.min(naive, ahead))
})
