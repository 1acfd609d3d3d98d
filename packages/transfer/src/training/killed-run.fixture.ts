// A small run in a process of its own, to be killed: `killed-run.fixture.ts <folder> <threads>`. It prints a hash of the weights it ends with.
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { wasm } from '@cnnkit/backend-wasm'
import type { PictureDataset } from '@cnnkit/images'
import { fineTune } from '../index.ts'
import { colours, toyModel } from '../toy.fixture.ts'
import { checkpointFile } from './checkpoint-file.ts'
import { featureFolder } from './feature-folder.ts'

const [folder, threads] = process.argv.slice(2)

/** So slow that a kill may fall into the computing of features. */
const slowly = (data: PictureDataset): PictureDataset => ({
  ...data,
  picture: async (index) => {
    await new Promise((resolve) => setTimeout(resolve, 40))
    return data.picture(index)
  },
})

await wasm({ threads: Number(threads) }).start()
process.send?.('ready')
const { model } = await fineTune(toyModel(), slowly(colours(64)), {
  policy: 'last-stage',
  recipe: { optimizer: { kind: 'adamw' }, learningRate: 0.02, schedule: { kind: 'cosine' } },
  epochs: 12,
  batchSize: 8,
  validation: slowly(colours(16, 2)),
  cacheBytes: 0,
  features: featureFolder(join(folder!, 'features')),
  checkpoint: checkpointFile(join(folder!, 'checkpoint')),
})
const hash = createHash('sha256')
for (const weight of model.weights) hash.update(weight.read().dataSync())
process.stdout.write(hash.digest('hex'))
process.exit(0)
