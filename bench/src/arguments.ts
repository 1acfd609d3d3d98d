import { parseArgs } from 'node:util'
import type { Row } from './row.ts'
import { quickRow, rows } from './rows.ts'

/** What the program is called with. */
export interface Arguments {
  readonly rows: readonly Row[]
  /** Of each row those that it has, where nothing is said. */
  readonly threads: readonly number[] | undefined
  readonly rounds: number
  readonly turnSeconds: number
  readonly warmUpSeconds: number
  /** Gets the results; nothing is written without it. */
  readonly out: string | undefined
  /** Print the rows and do nothing. */
  readonly list: boolean
}

const usage = `cnnkit and its peers side by side: ratios of times that were taken in turns.

  npm run bench                                    all rows, some 25 minutes on two cores
  npm run bench -- --row forward --threads 2       the rows whose names begin so
  npm run bench -- --quick                         whether it works: the smallest row, some seconds, nothing written

  --row <name>       the row of that name, or rows whose names begin so; may be given several times (all)
  --threads <n,n>    numbers of threads (each row's own)
  --rounds <n>       turns of each contender (7)
  --seconds <n>      length of a turn; a longer run is a turn of its own (1)
  --warm-up <n>      seconds that each process works before its first turn (3)
  --out <folder>     gets the results as JSON and as tables (bench/results)
  --list             the rows and their contenders
`

const options = {
  row: { type: 'string', multiple: true },
  threads: { type: 'string' },
  rounds: { type: 'string' },
  seconds: { type: 'string' },
  'warm-up': { type: 'string' },
  out: { type: 'string' },
  quick: { type: 'boolean', default: false },
  list: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

/** Reads the command line; prints the usage and ends the process where that is asked for or needed. */
export function readArguments(args: readonly string[]): Arguments {
  try {
    const { values } = parseArgs({ args: [...args], options })
    if (values.help) leave(0, usage)
    const { quick, list, out, threads } = values
    return {
      rows: values.row ? chosen(values.row) : quick ? [quickRow] : rows,
      threads: threads === undefined ? (quick ? [1] : undefined) : threads.split(',').map((n) => count('--threads', n)),
      rounds: count('--rounds', values.rounds ?? (quick ? '2' : '7')),
      turnSeconds: seconds('--seconds', values.seconds ?? (quick ? '0.2' : '1')),
      warmUpSeconds: seconds('--warm-up', values['warm-up'] ?? (quick ? '0.5' : '3')),
      out: out ?? (quick ? undefined : 'bench/results'),
      list,
    }
  } catch (error) {
    return leave(2, `${(error as Error).message}\n\n${usage}`)
  }
}

/** A whole name means that row, the beginning of names all of theirs. */
function chosen(names: readonly string[]): readonly Row[] {
  const wanted = names.flatMap((name) => {
    const found = rows.filter((row) => row.name === name)
    return found.length > 0 ? found : beginningWith(name)
  })
  return rows.filter((row) => wanted.includes(row))
}

function beginningWith(prefix: string): readonly Row[] {
  const found = rows.filter(({ name }) => name.startsWith(prefix))
  if (found.length > 0) return found
  throw new Error(`No row begins with "${prefix}". There are ${rows.map(({ name }) => name).join(', ')}.`)
}

function count(option: string, text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  throw new Error(`${option} is a whole number from 1, not "${text}".`)
}

function seconds(option: string, text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text)
  throw new Error(`${option} is a number of seconds, not "${text}".`)
}

function leave(code: number, text: string): never {
  process[code === 0 ? 'stdout' : 'stderr'].write(text)
  return process.exit(code)
}
