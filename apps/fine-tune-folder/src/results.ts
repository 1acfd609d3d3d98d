import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BackendReport } from '@cnnkit/backend'
import { gradCam, overlay } from '@cnnkit/cam'
import { readImage, type Split } from '@cnnkit/images'
import { cardOf } from '@cnnkit/layers'
import { type Example, type Fact, renderReport } from '@cnnkit/report'
import type { Evaluation } from '@cnnkit/transfer'
import { classify } from '@cnnkit/zoo'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { duration, percent, reportRun, table, thumbnail } from 'cnnkit'
import type { Arguments } from './arguments.ts'
import { type StepsToAccuracy, stepsToAccuracy } from './steps-to-accuracy.ts'
import type { Taught } from './teach.ts'
import type { Way } from './ways.ts'

/** What one way came to. */
export interface Result {
  readonly way: Way
  readonly taught: Taught
  /** On the held-out pictures. */
  readonly evaluation: Evaluation
}

/** The ways side by side, as a table for the terminal. */
export function comparison(results: readonly Result[]): string {
  const rows = results.map(({ way, taught, evaluation: { accuracy, interval, correct, total } }) => [
    way.name,
    percent(accuracy),
    `${percent(interval[0])} to ${percent(interval[1])}`,
    `${correct} of ${total}`,
    percent(taught.history.at(-1)!.accuracy),
    duration(taught.seconds),
  ])
  return table([['network', 'held out', '95 % interval', 'right', 'training', 'time'], ...rows])
}

/** Pictures a step; what `fit` takes unless it is told otherwise. */
const BATCH = 16

/** How many steps each way took to the best of each, as a table for the terminal; the ratio is of the slowest to the fastest. */
export function stepsTable(results: readonly Result[], pictures: Split): string {
  const rows = stepsOf(results, pictures).map(({ accuracy, steps }) => [
    percent(accuracy),
    ...results.map(({ way }) => `${steps[way.name] ?? '-'}`),
    ratioOf(Object.values(steps)),
  ])
  return table([['steps to', ...results.map(({ way }) => way.name), 'ratio'], ...rows])
}

const stepsOf = (results: readonly Result[], { train }: Split): readonly StepsToAccuracy[] =>
  stepsToAccuracy(
    results.map(({ way, taught }) => ({
      name: way.name,
      history: taught.history,
      stepsPerEpoch: Math.ceil(train.size / BATCH),
    })),
  )

function ratioOf(steps: readonly (number | undefined)[]): string {
  const reached = steps.filter((count) => count !== undefined)
  return reached.length > 1 ? (Math.max(...reached) / Math.min(...reached)).toFixed(1) : '-'
}

/** What the report says beside the runs. */
export interface Circumstances {
  readonly args: Arguments
  readonly machine: BackendReport
  readonly pictures: Split
  /** What the published network said of a photograph before it was taught. */
  readonly example: Example
}

/** Writes the page and gives its path. */
export async function writeReport(results: readonly Result[], circumstances: Circumstances): Promise<string> {
  const { args, pictures, example } = circumstances
  const runs = []
  for (const { way, taught, evaluation } of results) {
    const { name, description } = way
    runs.push(await reportRun({ name, description, ...taught, dataset: pictures.validation, evaluation }))
  }
  const credits = await readFile(join(args.data, 'CREDITS.txt'), 'utf8').catch(() => undefined)
  const html = await renderReport({
    title: `${args.model} learns ${pictures.train.classes.slice(0, 5).join(', ')}`,
    description: 'The same network taught in three ways on the same pictures, measured on pictures it has not seen.',
    facts: factsOf(results, circumstances),
    runs,
    examples: [example],
    ...(credits !== undefined && { credits }),
  })
  const page = join(args.out, 'report.html')
  await writeFile(page, html)
  return page
}

function factsOf(results: readonly Result[], { args, machine, pictures }: Circumstances): Fact[] {
  const { train, validation } = pictures
  const weights = cardOf(results[0]!.taught.model).weights
  return [
    { label: 'Network', value: args.model },
    { label: 'Weights', value: weights ? `${weights.tag} (${weights.licence}), ${weights.source}` : 'fresh' },
    { label: 'Pictures', value: `${args.data}: ${train.size} to learn from, ${validation.size} held out` },
    { label: 'Epochs', value: `${args.epochs}, batches of ${BATCH}` },
    ...stepsOf(results, pictures).map(({ accuracy, steps }) => ({
      label: `Steps to ${percent(accuracy)}`,
      value: results.map(({ way }) => `${way.name} ${steps[way.name] ?? 'never'}`).join(', '),
    })),
    { label: 'Backend', value: `${machine.backend}, ${machine.device}, ${machine.threads ?? 1} threads` },
    { label: 'Date', value: new Date().toISOString().slice(0, 10) },
  ]
}

/** A photograph as the published network sees it: its top five, and what it looked at. */
export async function exampleOf(model: LayersModel, photo: string): Promise<Example> {
  const picture = await readImage(photo)
  const predictions = await classify(model, picture)
  const map = await gradCam(model, picture)
  return {
    id: photo,
    picture: await thumbnail(picture),
    map: await thumbnail(overlay(picture, map)),
    top: predictions.map(({ name, probability }) => ({ label: name, probability })),
  }
}
