import { readImage } from '@cnnkit/images'
import { classify, type Prediction } from '@cnnkit/zoo'
import { type Command, Option } from 'commander'
import { type ComputeOptions, modelOption, positiveInteger, print, subcommand } from '../command.ts'
import { defaultModel, openModel } from '../open-model.ts'
import { startBackend } from '../start-backend.ts'
import { percent, table } from '../terminal/words.ts'

interface Options extends ComputeOptions {
  readonly model: string
  readonly top: number
  readonly json?: boolean
}

/** `cnnkit classify cat.jpg` */
export const classifyCommand: Command = subcommand('classify', 'name what is in photographs', [
  'classify cat.jpg',
  'classify *.jpg --model resnet50 --top 3',
  'classify rose.jpg --model ./flowers/model --json',
])
  .argument('<photos...>', 'picture files or URLs')
  .addOption(modelOption(defaultModel))
  .addOption(new Option('--top <n>', 'how many classes').default(5).argParser(positiveInteger))
  .action(async (photos: string[], { model: name, top, json, threads, backend }: Options) => {
    await startBackend(threads, backend)
    const model = await openModel(name)
    const results = []
    for (const photo of photos) {
      const predictions = await classify(model, await readImage(photo), { top })
      results.push({ photo, predictions })
    }
    print(json, results, results.map(({ photo, predictions }) => `${photo}\n${rows(predictions)}`).join('\n\n'))
  })

function rows(predictions: readonly Prediction[]): string {
  const cells = predictions.map((prediction) => [
    percent(prediction.probability),
    prediction.name,
    prediction.id === prediction.name ? '' : prediction.id,
  ])
  return table([['probability', 'class', 'id'], ...cells])
}
