import { basename, extname } from 'node:path'
import { type ActivationMap, mapMethods } from '@cnnkit/cam'
import { CnnkitError } from '@cnnkit/errors'
import { readImage } from '@cnnkit/images'
import { classify } from '@cnnkit/zoo'
import { type Command, Option } from 'commander'
import { interruptSignal, modelOption, positiveInteger, print, subcommand } from '../command.ts'
import { defaultModel, openModel } from '../open-model.ts'
import { startBackend } from '../start-backend.ts'
import { progressLine } from '../terminal/progress.ts'
import { percent } from '../terminal/words.ts'
import { classNamed } from './explain-class.ts'
import { methodName, methodNames } from './explain-methods.ts'
import { boxesDrawn, type Explained, type ExplainOptions, regionsOf, thresholdNamed } from './explain-options.ts'
import { formatOf, writeOverlay } from './explain-out.ts'
import { writeSheet } from './explain-sheet.ts'

/** `cnnkit explain cat.jpg` */
export const explainCommand: Command = subcommand('explain', 'draw what the network looked at in a photograph', [
  'explain cat.jpg',
  'explain cat.jpg --method layer-cam --class "tiger cat" --out cat-map.svg',
  'explain cat.jpg --sheet --out cat-maps.png          # all methods side by side',
  'explain cat.jpg --method score-cam --channels 64 --model resnet50',
  'explain rose.jpg --model ./flowers/model --layer stage4,stage5 --box',
])
  .argument('<photo>', 'a picture file or URL')
  .addOption(modelOption(defaultModel))
  .addOption(
    new Option('--method <name>', `one of ${methodNames.join(', ')}`).default('grad-cam').argParser(methodName),
  )
  .addOption(
    new Option('--class <name>', 'name, words of it, id or number of the class; the most probable unless given'),
  )
  .addOption(
    new Option(
      '--layer <paths>',
      'the layer whose grid is read, or several in commas; the last stage unless given',
    ).argParser((text) => text.split(',').map((path) => path.trim())),
  )
  .addOption(
    new Option(
      '--channels <n>',
      'for Score-CAM and Ablation-CAM, which run the network for each channel: the strongest n; all unless given, 64 in a sheet',
    ).argParser(positiveInteger),
  )
  .addOption(new Option('--box', 'draw the box around what is strong'))
  .addOption(
    new Option(
      '--threshold <value>',
      'what is strong, and draw its box: a share of the maximum (0.2 unless given), otsu, or a percentile (p80)',
    ).argParser(thresholdNamed),
  )
  .addOption(
    new Option('--colors <map>', 'colours of the map')
      .choices(['turbo', 'viridis', 'inferno', 'cividis'])
      .default('turbo'),
  )
  .addOption(new Option('--sheet', 'all methods side by side, with their scores'))
  .addOption(
    new Option(
      '-o, --out <file>',
      'PNG, JPEG or SVG to write, by its ending; <photo>-map.png or <photo>-maps.png unless given',
    ),
  )
  .action(async (photo: string, options: ExplainOptions) => {
    const out = options.out ?? `${basename(photo, extname(photo))}-map${options.sheet ? 's' : ''}.png`
    formatOf(out)
    const signal = interruptSignal('Stopping after this batch.')
    await startBackend(options.threads, options.backend)
    const [model, picture] = [await openModel(options.model, { signal }), await readImage(photo)]
    const predicted = await classify(model, picture, { top: model.outputs[0]!.shape.at(-1)! })
    const explained = options.class === undefined ? predicted[0]! : classNamed(predicted, options.class)
    const work = { photo, picture, model, class: explained, signal }
    try {
      await (options.sheet ? writeSheet(out, work, options) : writeOne(out, work, options))
    } catch (error) {
      if (signal.aborted) throw new CnnkitError('cnnkit', 'ABORTED', `Stopped; ${out} was not written.`)
      throw error
    }
  })

async function writeOne(out: string, work: Explained, options: ExplainOptions): Promise<void> {
  const { photo, picture } = work
  const map = await mapOf(work, options)
  const regions = regionsOf(map, options)
  const { name, probability } = work.class
  await writeOverlay(out, picture, map, {
    colorMap: options.colors,
    boxes: boxesDrawn(regions, options),
    title: `What ${options.model} looked at for "${name}" (${map.method}, ${map.layer})`,
  })
  const found = map.empty ? ', but nothing in the picture speaks for it' : ''
  print(
    options.json,
    { photo, out, class: work.class, ...map, values: [...map.values], ...(map.raw && { raw: [...map.raw] }), regions },
    `${out}: what ${options.model} looked at (${map.method}, ${map.layer}, ${map.width} x ${map.height}) for "${name}" (${percent(probability)})${found}.`,
  )
}

async function mapOf(work: Explained, options: ExplainOptions): Promise<ActivationMap> {
  const { model, picture, signal } = work
  const { method, layer, channels } = options
  const line = progressLine(method)
  try {
    return await mapMethods[method].map(model, picture, {
      target: work.class.index,
      ...(layer && { layer }),
      ...(channels !== undefined && { channels }),
      signal,
      onProgress: ({ done, total }) => line.update(done / total, `${done} of ${total}`),
    })
  } finally {
    line.stop()
  }
}
