import { parseArgs } from 'node:util'
import { methodNames } from './methods.ts'

/** What the program is called with. */
export interface Arguments {
  /** Folder that holds `raccoon-voc` and `imagenet-sample-100`. */
  readonly data: string
  /** A model of the zoo. */
  readonly model: string
  /** For the methods that run the network for each channel; all unless given. */
  readonly channels: number | undefined
  /** How many held-out raccoons are judged; all unless given. */
  readonly pictures: number | undefined
  /** How many training raccoons choose each method's threshold. */
  readonly tune: number
  /** Names of the methods, in order. */
  readonly methods: readonly string[]
  /** Passes over the training pictures. */
  readonly epochs: number
  /** Decides the split and the training. */
  readonly seed: number
  /** Gets the table as Markdown and as JSON. */
  readonly out: string
  readonly threads: number | undefined
}

const usage = `How well class activation maps find raccoons: every method against the true boxes.

  node apps/localize-raccoons/dist/main.js
  node apps/localize-raccoons/dist/main.js --model resnet50 --channels 64

  --data <folder>    holds raccoon-voc and imagenet-sample-100 (../shared/data/images)
  --model <name>     a model of the zoo (mobilenet_v1_025 comes along; resnet50 is fetched once, 95 MB)
  --channels <n>     for Score-CAM and Ablation-CAM, which run the network for each channel (all)
  --pictures <n>     how many of the held-out raccoons (all)
  --tune <n>         how many of the training raccoons choose each method's threshold (40)
  --methods <names>  in commas (${methodNames.join()})
  --epochs <n>       of fine-tuning (20)
  --seed <n>         decides the split and the training (1)
  --out <folder>     gets the table, as Markdown and as JSON (out/raccoons)
  --threads <n>      threads of the CPU (all)
`

/** Reads the command line; prints the usage and ends the process where that is asked for or needed. */
export function readArguments(args: readonly string[]): Arguments {
  try {
    const text = { type: 'string' } as const
    const { values } = parseArgs({
      args: [...args],
      options: {
        data: { ...text, default: '../shared/data/images' },
        model: { ...text, default: 'mobilenet_v1_025' },
        channels: text,
        pictures: text,
        tune: { ...text, default: '40' },
        methods: { ...text, default: methodNames.join() },
        epochs: { ...text, default: '20' },
        seed: { ...text, default: '1' },
        out: { ...text, default: 'out/raccoons' },
        threads: text,
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    if (values.help) leave(0, usage)
    return {
      data: values.data,
      model: values.model,
      channels: optionalCount('--channels', values.channels),
      pictures: optionalCount('--pictures', values.pictures),
      tune: count('--tune', values.tune),
      methods: values.methods.split(',').map(methodName),
      epochs: count('--epochs', values.epochs),
      seed: count('--seed', values.seed),
      out: values.out,
      threads: optionalCount('--threads', values.threads),
    }
  } catch (error) {
    return leave(2, `${(error as Error).message}\n\n${usage}`)
  }
}

const optionalCount = (option: string, text: string | undefined): number | undefined =>
  text === undefined ? undefined : count(option, text)

function count(option: string, text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  throw new Error(`${option} is a whole number from 1, not "${text}".`)
}

function methodName(text: string): string {
  if (methodNames.includes(text.trim())) return text.trim()
  throw new Error(`--methods has "${text.trim()}"; there are ${methodNames.join(', ')}.`)
}

function leave(code: number, text: string): never {
  process[code === 0 ? 'stdout' : 'stderr'].write(text)
  return process.exit(code)
}
