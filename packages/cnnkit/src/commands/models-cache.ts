import { cachedWeights, cacheLocation } from '@cnnkit/weights'
import { dropWeights, type ModelName, type PulledWeights, type PullOptions, pullWeights } from '@cnnkit/zoo'
import { type Command, Option } from 'commander'
import { interruptSignal, lightCommand, print } from '../command.ts'
import { downloadProgress } from '../download-progress.ts'
import { embedded } from '../open-model.ts'
import { bytes, table } from '../terminal/words.ts'

interface Options {
  readonly weights?: string
  readonly mirror?: string
  readonly json?: boolean
}

const tagOption = (): Option =>
  new Option('-w, --weights <tag>', "which of the model's weights; the first unless given")

/** `cnnkit models pull resnet50` */
export const pullCommand: Command = lightCommand('pull', 'fetch published weights ahead of time, and verify them', [
  'models pull resnet50',
  'models pull resnet50 resnet101 --mirror https://my.host/weights/',
  'models pull resnet50 --mirror /mnt/weights',
])
  .argument('<models...>', 'models of the zoo')
  .addOption(tagOption())
  .addOption(
    new Option('--mirror <place>', 'URL or folder with copies, asked where no publisher answers (also CNNKIT_MIRROR)'),
  )
  .action(async (names: ModelName[], { weights, mirror, json }: Options) => {
    const signal = interruptSignal('Stopping; what has arrived is kept.')
    const pulled = []
    for (const model of names) pulled.push({ model, ...(await pull(model, { weights, mirror, signal })) })
    print(json, pulled, pulled.map(sentence).join('\n'))
  })

async function pull(
  model: ModelName,
  { weights, ...options }: Pick<PullOptions, 'weights' | 'mirror' | 'signal'>,
): Promise<PulledWeights> {
  const progress = downloadProgress(`Weights of ${model}`)
  try {
    const { onProgress, onNotice } = progress
    const pulled = await pullWeights(model, { ...options, weights: weights ?? embedded[model], onProgress, onNotice })
    progress.done()
    return pulled
  } catch (error) {
    progress.stop()
    throw error
  }
}

function sentence({ model, tag, bytes: count, verified, location }: PulledWeights & { model: string }): string {
  const trust = verified ? 'verified' : 'not verified (the publisher gives no hash)'
  return `${model} ${tag}: ${bytes(count)}, ${trust}, in ${location}`
}

/** `cnnkit models cached` */
export const cachedCommand: Command = lightCommand(
  'cached',
  'what was fetched: where it is kept, and how much it takes',
  ['models cached', 'models cached --json'],
).action(async ({ json }: Options) => {
  const location = cacheLocation()
  const entries = await cachedWeights()
  const total = entries.reduce((sum, entry) => sum + entry.bytes, 0)
  const rows = entries.map((entry) => [bytes(entry.bytes), entry.verified ? 'yes' : 'no', entry.source])
  const sum = `${bytes(total)} in ${location}; set CNNKIT_CACHE to keep it elsewhere.`
  print(
    json,
    { location, bytes: total, weights: entries },
    entries.length === 0
      ? `Nothing is kept in ${location}.`
      : `${table([['size', 'verified', 'from'], ...rows])}\n\n${sum}`,
  )
})

/** `cnnkit models remove resnet50` */
export const removeCommand: Command = lightCommand('remove', 'delete fetched weights of models', [
  'models remove resnet50',
  'models remove resnet50 --weights keras-2017-in1k',
])
  .argument('<models...>', 'models of the zoo')
  .addOption(tagOption())
  .action(async (names: ModelName[], { weights, json }: Options) => {
    const removed = []
    for (const model of names) removed.push({ model, bytes: await dropWeights(model, { weights }) })
    const lines = removed.map(({ model, bytes: count }) =>
      count === 0 ? `${model}: nothing was kept` : `${model}: ${bytes(count)} removed`,
    )
    print(json, removed, lines.join('\n'))
  })
