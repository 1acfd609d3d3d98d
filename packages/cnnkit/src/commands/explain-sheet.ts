import {
  type ActivationMap,
  compareMethods,
  type MapMethodName,
  type MethodScores,
  mapMethods,
  type SheetCell,
  sheetSvg,
} from '@cnnkit/cam'
import { isCnnkitError } from '@cnnkit/errors'
import { cardOf } from '@cnnkit/layers'
import { print } from '../command.ts'
import { progressLine } from '../terminal/progress.ts'
import { percent, table } from '../terminal/words.ts'
import { methodNames } from './explain-methods.ts'
import { boxesDrawn, type Explained, type ExplainOptions, regionsOf } from './explain-options.ts'
import { writeDrawing } from './explain-out.ts'

/** A method on one picture. */
interface Compared {
  readonly scores: MethodScores
  readonly map: ActivationMap
}

/** Writes the sheet of all methods, and prints their scores. */
export async function writeSheet(out: string, work: Explained, options: ExplainOptions): Promise<void> {
  const compared = await compareAll(work, options)
  const { name, probability } = work.class
  const { weights } = cardOf(work.model)
  const svg = await sheetSvg(
    work.picture,
    compared.map(({ scores, map }) => cellOf(scores, map, options)),
    {
      title: `What ${options.model} looked at for “${name}”`,
      subtitle: [work.photo.split(/[\\/]/).at(-1)!, ...(weights ? [`weights ${weights.tag}`] : [])].join(' · '),
      columns: 5,
      pictureLines: [`${name}: ${percent(probability)}`],
      colorMap: options.colors,
    },
  )
  await writeDrawing(out, svg)
  const { photo } = work
  const rows = compared.map(({ scores, map }) => ({ ...scores, layer: map.layer, regions: regionsOf(map, options) }))
  print(options.json, { photo, out, class: work.class, methods: rows }, `${tableOf(compared)}\n\n${out}: ${LEGEND}`)
}

const LEGEND =
  'deletion: area under the probability as the strongest pixels go, less is better; insertion: as they come, more is better.'

/** In a sheet the slow methods run for this many channels unless told otherwise. */
const CHANNELS = 64

async function compareAll(work: Explained, options: ExplainOptions): Promise<Compared[]> {
  const line = progressLine('Maps')
  const compared: Compared[] = []
  const { model, picture, signal } = work
  const pictures = [{ image: picture, target: work.class.index }]
  try {
    for (const [i, method] of methodNames.entries()) {
      line.update(i / methodNames.length, method)
      const onProgress = ({ done, total }: { done: number; total: number }): void =>
        line.update((i + done / total) / methodNames.length, `${method}, ${done} of ${total}`)
      let map: ActivationMap | undefined
      const found = await compareMethods(
        model,
        pictures,
        {
          [method]: (_, __, asked) =>
            mapMethods[method].map(model, picture, {
              ...asked,
              channels: options.channels ?? CHANNELS,
              signal,
              onProgress,
            }),
        },
        {
          metrics: ['deletion', 'insertion'],
          steps: 14,
          signal,
          ...(options.layer && { layer: options.layer }),
          onMap: (made) => {
            map = made
          },
        },
      ).catch((error: unknown) => {
        // CAM reads only networks that end in pooling and one dense layer.
        if (isCnnkitError(error, 'NO_POOLING')) return []
        throw error
      })
      if (found[0] && map) compared.push({ scores: found[0], map })
    }
    return compared
  } finally {
    line.stop()
  }
}

function cellOf({ method, deletion, insertion }: MethodScores, map: ActivationMap, options: ExplainOptions): SheetCell {
  const slow = mapMethods[method as MapMethodName].runs === 'channels'
  return {
    map,
    title: method,
    lines: [
      `${map.layer}, ${map.width} × ${map.height}${slow ? `, ${options.channels ?? CHANNELS} channels` : ''}`,
      `deletion ${deletion!.toFixed(3)}, insertion ${insertion!.toFixed(3)}`,
    ],
    boxes: boxesDrawn(regionsOf(map, options), options),
  }
}

function tableOf(compared: readonly Compared[]): string {
  const rows = compared.map(({ scores: { method, deletion, insertion, millisecondsPerMap }, map }) => [
    method,
    map.layer,
    deletion!.toFixed(3),
    insertion!.toFixed(3),
    millisecondsPerMap.toFixed(0),
  ])
  return table([['method', 'layer', 'deletion', 'insertion', 'ms'], ...rows])
}
