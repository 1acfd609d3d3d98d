import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { compose, flip, randomResizedCrop, split } from '@cnnkit/images'
import { cardOf } from '@cnnkit/layers'
import { renderReport } from '@cnnkit/report'
import { evaluate, type FineTuneResult, fineTune, type Policy } from '@cnnkit/transfer'
import { checkpointFile } from '@cnnkit/transfer/checkpoint-file'
import { featureFolder } from '@cnnkit/transfer/feature-folder'
import { saveModel } from '@cnnkit/zoo'
import { type Command, Option } from 'commander'
import { readableFolder } from '../bad-files.ts'
import {
  type ComputeOptions,
  interruptSignal,
  modelOption,
  positiveInteger,
  print,
  share,
  subcommand,
} from '../command.ts'
import { defaultModel, openModel } from '../open-model.ts'
import { reportRun } from '../report-run.ts'
import { startBackend } from '../start-backend.ts'
import { duration } from '../terminal/words.ts'
import { trainingProgress } from '../training-progress.ts'
import { headline } from './evaluate.ts'

interface Options extends ComputeOptions {
  readonly model: string
  readonly policy: string
  readonly epochs: number
  readonly batchSize: number
  readonly holdOut: number
  readonly augment?: boolean
  readonly seed: number
  readonly out: string
  readonly json?: boolean
}

/** `cnnkit train ./photos --out ./flowers` */
export const trainCommand: Command = subcommand('train', 'teach a pretrained network your own classes', [
  'train ./photos --out ./flowers',
  'train ./photos --model resnet50 --policy last-stage --augment --epochs 15 --out ./flowers',
  'train ./photos --policy stage4 --out ./flowers',
])
  .argument('<folder>', 'pictures, one subfolder a class')
  .addOption(modelOption(defaultModel))
  .addOption(
    new Option('-p, --policy <policy>', 'what is trained: head, last-stage, all, or a place such as stage4').default(
      'head',
    ),
  )
  .addOption(new Option('-e, --epochs <n>', 'passes over the pictures').default(10).argParser(positiveInteger))
  .addOption(new Option('-b, --batch-size <n>', 'pictures a step').default(16).argParser(positiveInteger))
  .addOption(new Option('--hold-out <share>', 'share of each class kept for measuring').default(0.2).argParser(share))
  .addOption(new Option('--augment', 'flip and crop the training pictures at random'))
  .addOption(
    new Option('--seed <n>', 'decides the split, the order and the fresh weights')
      .default(1)
      .argParser(positiveInteger),
  )
  .addOption(
    new Option(
      '-o, --out <folder>',
      'gets model/, report.html and, while it runs, checkpoint and features/',
    ).makeOptionMandatory(),
  )
  .action(async (folder: string, options: Options) => {
    const { model: name, policy, epochs, batchSize, holdOut, seed, out, json } = options
    const signal = interruptSignal()
    const { report: backend } = await startBackend(options.threads, options.backend)
    const { dataset, notes } = await readableFolder(folder, signal)
    const { train, validation } = split(dataset, { holdOut, seed })
    const model = await openModel(name, { signal })
    const progress = trainingProgress('Training')
    const { size } = cardOf(model).preprocessing
    let result: FineTuneResult
    try {
      result = await fineTune(model, train, {
        policy: policyOf(policy),
        epochs,
        batchSize,
        seed,
        validation,
        signal,
        ...(options.augment && { augment: compose([randomResizedCrop({ size, scale: [0.5, 1] }), flip()]) }),
        checkpoint: checkpointFile(join(out, 'checkpoint')),
        features: featureFolder(join(out, 'features')),
        onProgress: progress.onProgress,
      })
    } finally {
      progress.stop()
    }
    progress.done(`${epochs} epochs in ${duration(result.seconds)}`)
    const evaluation = await evaluate(result.model, validation)
    await saveModel(result.model, join(out, 'model'))
    const page = join(out, 'report.html')
    const run = await reportRun({ name: policy, ...result, dataset: validation, evaluation })
    await writeFile(
      page,
      await renderReport({
        title: `${name} on ${folder}`,
        facts: facts(options, folder, backend.device),
        notes,
        runs: [run],
      }),
    )
    const { pictures: _, ...figures } = evaluation
    print(
      json,
      { model: join(out, 'model'), report: page, ...figures, history: result.history },
      [headline(evaluation), `model:  ${join(out, 'model')}`, `report: ${page}`].join('\n'),
    )
  })

function policyOf(name: string): Policy {
  return name === 'head' || name === 'last-stage' || name === 'all' ? name : { from: name }
}

function facts(
  { model, policy, batchSize, holdOut, seed }: Options,
  folder: string,
  device: string,
): { label: string; value: string }[] {
  const values = {
    Model: model,
    Trained: policy,
    Pictures: folder,
    'Held out': `${100 * holdOut} %`,
    Batch: `${batchSize}`,
    Seed: `${seed}`,
    Device: device,
  }
  return Object.entries(values).map(([label, value]) => ({ label, value }))
}
