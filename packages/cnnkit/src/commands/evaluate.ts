import { writeFile } from 'node:fs/promises'
import { type BadFile, imageFolder, type PictureDataset } from '@cnnkit/images'
import { renderReport } from '@cnnkit/report'
import { type Evaluation, evaluate, mostConfused, topLosses } from '@cnnkit/transfer'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { type Command, Option } from 'commander'
import { notesOn, sayLeftOut } from '../bad-files.ts'
import { type ComputeOptions, interruptSignal, modelOption, print, subcommand } from '../command.ts'
import { openModel } from '../open-model.ts'
import { reportRun } from '../report-run.ts'
import { startBackend } from '../start-backend.ts'
import { progressLine } from '../terminal/progress.ts'
import { percent, table } from '../terminal/words.ts'

interface Options extends ComputeOptions {
  readonly model: string
  readonly report?: string
  readonly json?: boolean
}

/** `cnnkit evaluate ./photos --model ./flowers/model` */
export const evaluateCommand: Command = subcommand('evaluate', 'how right a trained model is on a folder of pictures', [
  'evaluate ./photos --model ./flowers/model',
  'evaluate ./photos --model ./flowers/model --report page.html',
  'evaluate ./photos --model ./flowers/model --json',
])
  .argument('<folder>', 'pictures, one subfolder a class')
  .addOption(modelOption('').makeOptionMandatory())
  .addOption(
    new Option('--report <file>', 'gets a page with the confusion matrix, the calibration and the worst mistakes'),
  )
  .action(async (folder: string, { model: name, report, json, threads, backend }: Options) => {
    await startBackend(threads, backend)
    const model = await openModel(name)
    const data = await imageFolder(folder)
    const failures: BadFile[] = []
    const line = progressLine('Evaluating')
    try {
      const evaluation = await evaluate(model, data, {
        signal: interruptSignal(),
        onBadFile: (failure) => failures.push(failure),
        onProgress: ({ done, total }) => line.update(done / total, `${done} of ${total} pictures`),
      })
      line.done(`${evaluation.total} pictures`)
      failures.forEach(sayLeftOut)
      if (report) await writeReport(report, { name, folder, model, data, evaluation, notes: notesOn(failures) })
      print(json, evaluation, textOf(evaluation))
    } finally {
      line.stop()
    }
  })

interface Evaluated {
  readonly name: string
  readonly folder: string
  readonly model: LayersModel
  readonly data: PictureDataset
  readonly evaluation: Evaluation
  readonly notes: string[]
}

async function writeReport(file: string, { name, folder, model, data, evaluation, notes }: Evaluated): Promise<void> {
  const run = await reportRun({ name, model, dataset: data, evaluation })
  await writeFile(file, await renderReport({ title: `${name} on ${folder}`, notes, runs: [run] }))
}

/** `82.5 % right (33 of 40; 95 % interval 68.0 % to 91.3 %)` */
export function headline({ accuracy, correct, total, interval: [low, high] }: Evaluation): string {
  return `${percent(accuracy)} right (${correct} of ${total}; 95 % interval ${percent(low)} to ${percent(high)})`
}

/** How many pairs and pictures are listed. */
const LISTED = 5

function textOf(evaluation: Evaluation): string {
  const { classes, top5, loss, brier, calibrationError } = evaluation
  const figures = [
    ...(classes.length > 5 ? [`top-5 ${percent(top5)}`] : []),
    `cross-entropy ${loss.toFixed(3)} nats`,
    `Brier score ${brier.toFixed(3)}`,
    `probabilities off by ${percent(calibrationError)} (expected calibration error)`,
  ]
  const blocks = [`${headline(evaluation)}\n${figures.join(', ')}`, classTable(evaluation)]
  return [...blocks, ...confusedTable(evaluation), ...mistakeTable(evaluation)].join('\n\n')
}

function classTable({ perClass, macro, weighted, total }: Evaluation): string {
  const rows = [
    ...perClass,
    { name: 'mean of the classes', support: total, ...macro },
    { name: 'weighted by pictures', support: total, ...weighted },
  ].map(({ name, precision, recall, f1, support }) => [
    name,
    percent(precision),
    percent(recall),
    percent(f1),
    `${support}`,
  ])
  return table([['class', 'precision', 'recall', 'F1', 'pictures'], ...rows])
}

function confusedTable(evaluation: Evaluation): string[] {
  const pairs = mostConfused(evaluation, LISTED)
  if (pairs.length === 0) return []
  const rows = pairs.map(({ truth, predicted, count, share }) => [truth, predicted, `${count}`, percent(share)])
  return [table([['most confused', 'taken for', 'pictures', 'of the class'], ...rows])]
}

function mistakeTable(evaluation: Evaluation): string[] {
  const { classes } = evaluation
  const worst = topLosses(evaluation, LISTED)
  if (worst.length === 0) return []
  const rows = worst.map(({ id, predicted, probabilities, loss }) => [
    id,
    classes[predicted]!,
    percent(probabilities[predicted]!),
    loss.toFixed(2),
  ])
  return [table([['worst mistakes', 'taken for', 'probability', 'loss'], ...rows])]
}
