import { parseArgs } from 'node:util'
import { ways } from './ways.ts'

/** What the program is called with. */
export interface Arguments {
  /** Folder of pictures, one subfolder a class. */
  readonly data: string
  /** A model of the zoo. */
  readonly model: string
  readonly epochs: number
  /** Gets the report, the models, and what a stopped run needs to go on. */
  readonly out: string
  readonly threads: number | undefined
  /** Names of the ways to teach it, in order. */
  readonly ways: readonly string[]
  /** Train again what an earlier call has finished. */
  readonly fresh: boolean
}

const wayNames = ways.map(({ name }) => name)

const usage = `Teach a pretrained network the classes of a folder of pictures.

  npm run demo                                              the flower photographs that come along
  npm run demo -- --data ./my-photos --model resnet50       your own: one subfolder a class

  --data <folder>    pictures, one subfolder a class
  --model <name>     a model of the zoo (mobilenet_v1_025 comes along; resnet50 is fetched once, 95 MB)
  --epochs <n>       passes over the pictures, for each of the three runs (10)
  --ways <names>     which of the three runs, in commas (frozen body,last stages,from scratch)
  --out <folder>     gets report.html, the models, and checkpoints (out/<data>-<model>)
  --threads <n>      threads of the CPU (all)
  --fresh            train again what an earlier call has finished
`

/** Reads the command line; prints the usage and ends the process where that is asked for or needed. */
export function readArguments(args: readonly string[]): Arguments {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        data: { type: 'string', default: 'data/flowers-200' },
        model: { type: 'string', default: 'mobilenet_v1_025' },
        epochs: { type: 'string', default: '10' },
        ways: { type: 'string', default: wayNames.join() },
        out: { type: 'string' },
        threads: { type: 'string' },
        fresh: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    if (values.help) leave(0, usage)
    const folder = values.data.split(/[\\/]/).filter(Boolean).at(-1) ?? 'pictures'
    return {
      data: values.data,
      model: values.model,
      epochs: count('--epochs', values.epochs),
      out: values.out ?? `out/${folder}-${values.model}`,
      ways: values.ways.split(',').map(wayName),
      threads: values.threads === undefined ? undefined : count('--threads', values.threads),
      fresh: values.fresh,
    }
  } catch (error) {
    return leave(2, `${(error as Error).message}\n\n${usage}`)
  }
}

function count(option: string, text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  throw new Error(`${option} is a whole number from 1, not "${text}".`)
}

function wayName(text: string): string {
  if (wayNames.includes(text.trim())) return text.trim()
  throw new Error(`--ways has "${text.trim()}"; there are ${wayNames.join(', ')}.`)
}

function leave(code: number, text: string): never {
  process[code === 0 ? 'stdout' : 'stderr'].write(text)
  return process.exit(code)
}
