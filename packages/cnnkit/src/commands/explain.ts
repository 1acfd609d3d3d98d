import { writeFile } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { gradCam, overlay } from '@cnnkit/cam'
import { encodeImage, readImage } from '@cnnkit/images'
import { cardOf } from '@cnnkit/layers'
import { predictions } from '@cnnkit/zoo'
import type { LayersModel } from '@tensorflow/tfjs-layers'
import { type Command, Option } from 'commander'
import { modelOption, print, subcommand, UsageError } from '../command.ts'
import { defaultModel, openModel } from '../open-model.ts'
import { startBackend } from '../start-backend.ts'

interface Options {
  readonly model: string
  readonly class?: string
  readonly layer?: string
  readonly out?: string
  readonly json?: boolean
  readonly threads?: number
}

/** `cnnkit explain cat.jpg` */
export const explainCommand: Command = subcommand(
  'explain',
  'draw what the network looked at in a photograph (Grad-CAM)',
  [
    'explain cat.jpg',
    'explain cat.jpg --class "tiger cat" --out cat-map.png',
    'explain rose.jpg --model ./flowers/model --layer stage4',
  ],
)
  .argument('<photo>', 'a picture file or URL')
  .addOption(modelOption(defaultModel))
  .addOption(new Option('--class <name>', 'name, id or number of the class; the most probable unless given'))
  .addOption(new Option('--layer <path>', 'the layer whose grid is read; the last stage unless given'))
  .addOption(new Option('-o, --out <file>', 'PNG or JPEG to write; <photo>-map.png unless given'))
  .action(async (photo: string, options: Options) => {
    const { model: name, class: wanted, layer, json, threads } = options
    const out = options.out ?? `${basename(photo, extname(photo))}-map.png`
    await startBackend(threads)
    const [model, picture] = [await openModel(name), await readImage(photo)]
    const target = wanted === undefined ? undefined : await classIndex(model, wanted)
    const map = await gradCam(model, picture, {
      ...(layer !== undefined && { layer }),
      ...(target !== undefined && { target }),
    })
    await writeFile(out, await encodeImage(overlay(picture, map), /\.jpe?g$/i.test(out) ? 'jpeg' : 'png'))
    const explained = (await classes(model))[map.target!]!
    const found = map.empty ? ', but nothing in the picture speaks for it' : ''
    print(
      json,
      { photo, out, class: explained, ...map, values: [...map.values] },
      `${out}: what ${name} looked at (${map.layer}, ${map.width} x ${map.height}) for "${explained.name}"${found}.`,
    )
  })

type NamedClass = { readonly index: number; readonly id: string; readonly name: string }

async function classes(model: LayersModel): Promise<readonly NamedClass[]> {
  const count = model.outputs[0]!.shape.at(-1)!
  const [named] = await predictions([Array(count).fill(0)], cardOf(model).labels, { top: count })
  return named!
}

async function classIndex(model: LayersModel, wanted: string): Promise<number> {
  const known = await classes(model)
  const sought = wanted.toLowerCase()
  const found = known.find(({ name, id }) => name.toLowerCase() === sought || id === sought) ?? known[Number(wanted)]
  if (found) return found.index
  const near = known.filter(({ name }) => name.toLowerCase().includes(sought)).map(({ name }) => `"${name}"`)
  throw new UsageError(
    `No class "${wanted}". ${near.length > 0 ? `Near: ${near.slice(0, 8).join(', ')}.` : `There are ${known.length}, such as "${known[0]!.name}".`}`,
  )
}
