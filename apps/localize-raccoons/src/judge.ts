import { type ActivationMap, type ComparedMethod, compareMethods, type MethodScores } from '@cnnkit/cam'
import type { Split } from '@cnnkit/images'
import { evaluate } from '@cnnkit/transfer'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { progressLine } from 'cnnkit'
import type { Arguments } from './arguments.ts'
import { type BoxFigures, bestThreshold, boxesAt, boxFigures } from './box-figures.ts'
import { fixedBoxes } from './fixed-boxes.ts'
import { type JudgedPicture, raccoonsOf } from './judged-pictures.ts'
import { methodsOf } from './methods.ts'
import type { Raccoons } from './raccoons.ts'
import { teach } from './teach.ts'

/** One line of the table: the figures at 20 % of the maximum. */
export interface Row extends BoxFigures {
  readonly method: string
  readonly pointing: number
  readonly millisecondsPerMap?: number
  /** The threshold that found most of the training raccoons, and what it comes to on the held-out ones. */
  readonly tuned?: BoxFigures & { readonly threshold: number }
}

/** What came of it. */
export interface Judgement {
  /** Methods, then the boxes that look at nothing. */
  readonly rows: readonly Row[]
  /** How many raccoons were judged. */
  readonly pictures: number
  /** The network on all held-out pictures. */
  readonly accuracy: { readonly correct: number; readonly total: number }
}

/** How {@link judge} is stopped, and who is told. */
export interface JudgeOptions {
  readonly signal: AbortSignal
  /** Given the table after each method. */
  readonly onRows: (judgement: Judgement) => Promise<void>
}

/**
 * Teaches the network raccoon or not on the training pictures, which it sees whole, and judges every method's maps on the
 * held-out raccoons.
 */
export async function judge(raccoons: Raccoons, split: Split, args: Arguments, options: JudgeOptions): Promise<void> {
  const { signal, onRows } = options
  const model = await teach(split.train, args, signal)
  try {
    const { correct, total } = await evaluate(model, split.validation)
    const pictures = await raccoonsOf(split.validation, raccoons, args.pictures)
    const training = await raccoonsOf(split.train, raccoons)
    const baselines = fixedBoxes(pictures, training)
    const methods = methodsOf(args.channels)
    const rows: Row[] = []
    for (const name of args.methods) {
      const work = { model, name, method: methods[name]!, signal }
      rows.push(await rowOf(work, pictures, training.slice(0, args.tune)))
      await onRows({ rows: [...rows, ...baselines], pictures: pictures.length, accuracy: { correct, total } })
    }
  } finally {
    model.dispose()
  }
}

interface Work {
  readonly model: LayersModel
  readonly name: string
  readonly method: ComparedMethod
  readonly signal: AbortSignal
}

async function rowOf(work: Work, pictures: readonly JudgedPicture[], training: readonly JudgedPicture[]): Promise<Row> {
  const threshold = bestThreshold((await mapsOf(work, training)).maps, training)
  const { maps, scores } = await mapsOf(work, pictures)
  const { localized = 0, iou = 0, pointing = 0, millisecondsPerMap } = scores
  const tuned = { threshold, ...boxFigures(boxesAt(maps, threshold), pictures) }
  return { method: work.name, localized, iou, pointing, millisecondsPerMap, tuned }
}

async function mapsOf(
  { model, name, method, signal }: Work,
  pictures: readonly JudgedPicture[],
): Promise<{ scores: MethodScores; maps: readonly ActivationMap[] }> {
  const line = progressLine(name)
  const maps: ActivationMap[] = []
  try {
    const [scores] = await compareMethods(
      model,
      pictures,
      { [name]: method },
      {
        metrics: ['boxes'],
        signal,
        onMap: (map) => maps.push(map),
        onProgress: ({ done, total }) => line.update(done / total, `${done} of ${total}`),
      },
    )
    return { scores: scores!, maps }
  } finally {
    line.stop()
  }
}
