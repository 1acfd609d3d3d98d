import type { Contender, Row, Setting } from '../row.ts'

type Reading = Parameters<typeof import('../contenders/photographs.ts')['photographs']>[1]

const contender = (name: string, what: string, reading: Reading): Contender => ({
  name,
  what,
  open: async (setting: Setting) => {
    const threads = await (await import('../backends/cnnkit-wasm.ts')).cnnkitWasm(setting)
    const { photographs } = await import('../contenders/photographs.ts')
    const model = await (await import('../networks/cnnkit-mobilenet-v1.ts')).cnnkitMobilenetV1025()
    return photographs(model, reading, threads)
  },
})

/** How long a training step waits for its pictures: the smallest network, which gives least time to read them. */
export const photographsMobilenetV1025: Row = {
  name: 'photographs-mobilenet-v1-025',
  title: 'MobileNet v1 0.25, training on photographs, 6 steps of 16',
  timed:
    '96 JPEGs are decoded, scaled and normalised, and `model.trainOnBatch` takes each sixteen; nothing is kept from pass to pass. “waits” is the share of the passes that no step runs because its pictures are not there. The output that is compared is the first loss.',
  threads: [1, 2],
  process: 'kept',
  sameOutput: 1e-5,
  contenders: [
    contender('cnnkit', '`batches` of `@cnnkit/images`, worker threads, two batches ahead', 'workers'),
    contender(
      'without workers',
      '`batches({ workers: 0 })`: files are decoded by sharp’s threads, two batches ahead; all else is done by the thread that trains',
      'without workers',
    ),
    contender(
      'naive loop',
      '`readImage` of one picture after the other, then `preprocess`, then the step',
      'one by one',
    ),
    contender('no reading', 'the same steps on batches that are there: what reading costs in all', 'in memory'),
  ],
}
