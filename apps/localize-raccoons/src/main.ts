import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isCnnkitError } from '@cnnkit/errors'
import { split } from '@cnnkit/images'
import { interruptSignal, startBackend } from 'cnnkit'
import { readArguments } from './arguments.ts'
import { type Judgement, judge } from './judge.ts'
import { readRaccoons } from './raccoons.ts'
import { markdownTable, terminalTable } from './table.ts'

const args = readArguments(process.argv.slice(2))

try {
  const signal = interruptSignal('Stopping after this map.')
  await startBackend(args.threads)
  const raccoons = await readRaccoons(args.data)
  const parts = split(raccoons.dataset, { holdOut: 0.5, seed: args.seed })
  await mkdir(args.out, { recursive: true })
  const file = join(args.out, args.model)
  let table = ''
  const onRows = async (judgement: Judgement): Promise<void> => {
    table = terminalTable(judgement)
    await writeFile(`${file}.md`, markdownTable(judgement, args))
    await writeFile(`${file}.json`, `${JSON.stringify({ args, ...judgement }, undefined, 2)}\n`)
  }
  await judge(raccoons, parts, args, { signal, onRows })
  process.stdout.write(`${table}\nWritten to ${file}.md and ${file}.json\n`)
} catch (error) {
  if (!isCnnkitError(error)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = error.code === 'ABORTED' ? 130 : 1
}
