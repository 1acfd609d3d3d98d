import { bestIou, type ComparedPicture, compareMethods, localizationError, type MethodScores } from '@cnnkit/cam'
import type { Box, PictureDataset, Split } from '@cnnkit/images'
import { cardOf, setCard } from '@cnnkit/layers'
import { evaluate, fineTune } from '@cnnkit/transfer'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { openModel, progressLine, trainingProgress } from 'cnnkit'
import type { Arguments } from './arguments.ts'
import { methodsOf } from './methods.ts'
import { RACCOON, type Raccoons } from './raccoons.ts'

/** One line of the table. */
export type Row = Pick<MethodScores, 'method' | 'localized' | 'iou' | 'pointing'> & Partial<MethodScores>

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
  const model = await taught(split, args, signal)
  try {
    const { correct, total } = await evaluate(model, split.validation)
    const pictures = await raccoonsOf(split.validation, raccoons, args.pictures)
    const baselines = fixedBoxes(pictures, await raccoonsOf(split.train, raccoons))
    const line = progressLine('Maps')
    const all = methodsOf(args.channels)
    const rows: Row[] = []
    for (const name of args.methods) {
      const found = await compareMethods(
        model,
        pictures,
        { [name]: all[name]! },
        {
          metrics: ['boxes'],
          signal,
          onProgress: ({ done }) => line.update(done / pictures.length, `${name}, ${done} of ${pictures.length}`),
        },
      )
      rows.push(...found)
      await onRows({ rows: [...rows, ...baselines], pictures: pictures.length, accuracy: { correct, total } })
    }
    line.done(`${rows.length} methods on ${pictures.length} pictures`)
  } finally {
    model.dispose()
  }
}

async function taught({ train }: Split, args: Arguments, signal: AbortSignal): Promise<LayersModel> {
  const model = await openModel(args.model, { signal })
  const card = cardOf(model)
  // A map says nothing of what the crop left out.
  setCard(model, { ...card, preprocessing: { ...card.preprocessing, resize: 'stretch', cropFraction: 1 } })
  const progress = trainingProgress('Raccoon or not')
  try {
    const options = { epochs: args.epochs, seed: args.seed, signal, onProgress: progress.onProgress }
    const { model: tuned } = await fineTune(model, train, options)
    progress.done(`${args.epochs} epochs on ${train.size} pictures`)
    return tuned
  } finally {
    progress.stop()
  }
}

interface JudgedPicture extends ComparedPicture {
  readonly image: { readonly width: number; readonly height: number } & ComparedPicture['image']
  readonly boxes: readonly Box[]
}

async function raccoonsOf(dataset: PictureDataset, raccoons: Raccoons, most?: number): Promise<JudgedPicture[]> {
  const indices = Array.from({ length: dataset.size }, (_, i) => i).filter((i) => dataset.label(i) === RACCOON)
  const pictures: JudgedPicture[] = []
  for (const i of indices.slice(0, most)) {
    pictures.push({ image: await dataset.picture(i), target: RACCOON, boxes: raccoons.boxes(dataset.id(i)) })
  }
  return pictures
}

/** What boxes come to that look at no picture: a centred one of the training boxes' mean size, and the whole picture. */
function fixedBoxes(pictures: readonly JudgedPicture[], training: readonly JudgedPicture[]): Row[] {
  const sizes = training.flatMap(({ image: { width, height }, boxes }) =>
    boxes.map(([left, top, right, bottom]) => [(right - left) / width, (bottom - top) / height] as const),
  )
  const mean = (side: 0 | 1): number => sizes.reduce((sum, size) => sum + size[side], 0) / sizes.length
  return [fixedBox('centred box', pictures, [mean(0), mean(1)]), fixedBox('whole picture', pictures, [1, 1])]
}

function fixedBox(method: string, pictures: readonly JudgedPicture[], [wide, high]: readonly [number, number]): Row {
  const found = pictures.map(({ image: { width, height } }): Box => {
    const [x, y] = [(width * (1 - wide)) / 2, (height * (1 - high)) / 2]
    return [x, y, width - x, height - y]
  })
  const overlaps = pictures.map(({ boxes }, i) => bestIou(found[i], boxes))
  const hits = pictures.filter(({ image: { width, height }, boxes }) =>
    boxes.some(([left, top, right, bottom]) => {
      const [x, y] = [width / 2, height / 2]
      return x >= left && x < right && y >= top && y < bottom
    }),
  )
  return {
    method,
    localized:
      1 -
      localizationError(
        found,
        pictures.map(({ boxes }) => boxes),
      ),
    iou: overlaps.reduce((sum, overlap) => sum + overlap, 0) / overlaps.length,
    pointing: hits.length / pictures.length,
  }
}
