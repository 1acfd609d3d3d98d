import { parseArgs } from 'node:util'
import { isCnnkitError } from '@cnnkit/errors'
import { imageFolder, split } from '@cnnkit/images'
import { evaluate } from '@cnnkit/transfer'
import { saveModel } from '@cnnkit/zoo'
import { duration, interruptSignal, percent, startBackend, table, trainingProgress } from 'cnnkit'
import type { Lab } from './lab.ts'
import { mobilenetV2 } from './mobilenet-v2.ts'
import { vgg16 } from './vgg16.ts'

const labs: Readonly<Record<string, Lab>> = { vgg16, 'mobilenet-v2': mobilenetV2 }

const usage = `A lab of the lectures on your own pictures.

  node dist/main.js vgg16 --weights ./vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5
  node dist/main.js mobilenet-v2 --data ./photos --weights https://...

  --weights <file>   a path or URL of the network's weights, from Keras, PyTorch, ONNX, ...; 'random' to try the program alone
  --data <folder>    pictures, one subfolder a class (data/flowers-200)
  --epochs <n>       passes over the pictures in each part (10)
  --size <n>         pixels of a side (224)
  --out <folder>     gets the model (out/lab-<name>)
`

try {
  await run()
} catch (error) {
  if (!isCnnkitError(error)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = error.code === 'ABORTED' ? 130 : 1
}

async function run(): Promise<void> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      weights: { type: 'string' },
      data: { type: 'string', default: 'data/flowers-200' },
      epochs: { type: 'string', default: '10' },
      size: { type: 'string', default: '224' },
      out: { type: 'string' },
    },
  })
  const name = positionals[0] ?? ''
  const lab = Object.hasOwn(labs, name) ? labs[name] : undefined
  if (!lab || values.weights === undefined) {
    process.stderr.write(usage)
    process.exitCode = 2
    return
  }
  await startBackend()
  const pictures = split(await imageFolder(values.data), { holdOut: 0.2, seed: 1 })
  const progress = trainingProgress(name)
  const { model, parts } = await lab(pictures, {
    weights: values.weights === 'random' ? null : values.weights,
    epochs: Number(values.epochs),
    size: Number(values.size),
    signal: interruptSignal(),
    onProgress: progress.onProgress,
  })
  progress.stop()
  const rows = parts.map(({ name: part, history }) => {
    const last = history.at(-1)!
    const seconds = history.reduce((sum, epoch) => sum + epoch.seconds, 0)
    return [part, percent(last.accuracy), percent(last.validationAccuracy!), duration(seconds)]
  })
  const { accuracy, interval } = await evaluate(model, pictures.validation)
  const out = values.out ?? `out/lab-${name}`
  await saveModel(model, out)
  process.stdout.write(`${table([['part', 'training', 'held out', 'time'], ...rows])}\n`)
  process.stdout.write(
    `Held out: ${percent(accuracy)} (${interval.map(percent).join(' to ')}). The model is in ${out}.\n`,
  )
}
