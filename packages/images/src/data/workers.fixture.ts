// A program that reads a pass of a folder by worker threads and does nothing to end them: `workers.fixture.ts <folder>`.
import '@tensorflow/tfjs-backend-cpu'
import { batches } from './batches.node.ts'
import { imageFolder } from './folder.node.ts'

const preprocessing = {
  size: [8, 8],
  resize: 'stretch',
  cropFraction: 1,
  filter: 'bilinear',
  channelOrder: 'rgb',
  mean: [0, 0, 0],
  std: [1, 1, 1],
} as const
let pictures = 0
for await (const { images } of batches(await imageFolder(process.argv[2]!), {
  batchSize: 4,
  preprocessing,
  workers: 2,
})) {
  pictures += images.shape[0]
  images.dispose()
}
process.stdout.write(`${pictures} pictures`)
