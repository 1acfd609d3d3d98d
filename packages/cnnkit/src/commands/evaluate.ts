import { imageFolder } from '@cnnkit/images'
import { type Evaluation, evaluate } from '@cnnkit/transfer'
import type { Command } from 'commander'
import { interruptSignal, modelOption, print, subcommand } from '../command.ts'
import { openModel } from '../open-model.ts'
import { startBackend } from '../start-backend.ts'
import { progressLine } from '../terminal/progress.ts'
import { percent, table } from '../terminal/words.ts'

interface Options {
  readonly model: string
  readonly json?: boolean
  readonly threads?: number
}

/** `cnnkit evaluate ./photos --model ./flowers/model` */
export const evaluateCommand: Command = subcommand('evaluate', 'how right a trained model is on a folder of pictures', [
  'evaluate ./photos --model ./flowers/model',
  'evaluate ./photos --model ./flowers/model --json',
])
  .argument('<folder>', 'pictures, one subfolder a class')
  .addOption(modelOption('').makeOptionMandatory())
  .action(async (folder: string, { model: name, json, threads }: Options) => {
    await startBackend(threads)
    const model = await openModel(name)
    const line = progressLine('Evaluating')
    try {
      const evaluation = await evaluate(model, await imageFolder(folder), {
        signal: interruptSignal(),
        onProgress: ({ done, total }) => line.update(done / total, `${done} of ${total} pictures`),
      })
      line.done(`${evaluation.total} pictures`)
      print(json, evaluation, `${headline(evaluation)}\n\n${classTable(evaluation)}`)
    } finally {
      line.stop()
    }
  })

/** `82.5 % right (33 of 40; 95 % interval 68.0 % to 91.3 %)` */
export function headline({ accuracy, correct, total, interval: [low, high] }: Evaluation): string {
  return `${percent(accuracy)} right (${correct} of ${total}; 95 % interval ${percent(low)} to ${percent(high)})`
}

function classTable({ perClass }: Evaluation): string {
  const rows = perClass.map(({ name, precision, recall, support }) => [
    name,
    percent(precision),
    percent(recall),
    `${support}`,
  ])
  return table([['class', 'precision', 'recall', 'pictures'], ...rows])
}
