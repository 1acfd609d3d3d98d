import { readArguments } from './arguments.ts'
import { endContenders } from './harness/contender-process.ts'
import { thisMachine } from './harness/machine.ts'
import { measure } from './harness/measure.ts'
import { machineLine, rowTables } from './results/markdown.ts'
import type { Measurement, RowResult } from './results/result.ts'
import { keep } from './results/results-folder.ts'
import type { Row } from './row.ts'

const args = readArguments(process.argv.slice(2))

process.on('exit', endContenders)
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  process.on(signal, () => process.exit(code))
}

if (args.list) list()
else await run()

function list(): void {
  for (const { name, title, contenders } of args.rows) {
    say(`${name}: ${title}`)
    for (const contender of contenders) say(`  ${contender.name}: ${contender.what}`)
  }
}

/** Row after row. One that fails is reported, and one that lacks something is left out; the others go on. */
async function run(): Promise<void> {
  const machine = thisMachine()
  say(machineLine(machine))
  for (const row of args.rows) {
    const missing = row.missing?.()
    if (missing !== undefined) {
      process.stderr.write(`\n${row.name} is left out. ${missing}\n`)
      continue
    }
    try {
      await row.prepare?.()
      const measurements = await measureRow(row)
      const { name, title, timed, next, process, sameOutput } = row
      const result: RowResult = {
        row: name,
        title,
        timed,
        ...(next && { next }),
        process,
        sameOutput,
        machine,
        measurements,
      }
      if (args.out !== undefined) await keep(result, args.out)
      say(`\n${rowTables(result)}`)
    } catch (error) {
      process.stderr.write(`\n${row.name}: ${(error as Error).message}\n`)
      process.exitCode = 1
    }
  }
}

async function measureRow(row: Row): Promise<readonly Measurement[]> {
  const { rounds, turnSeconds, warmUpSeconds } = args
  const measurements: Measurement[] = []
  for (const threads of args.threads ?? row.threads) {
    measurements.push(await measure(row, threads, { rounds, turnSeconds, warmUpSeconds, onProgress: progress }))
  }
  return measurements
}

function progress(line: string): void {
  process.stderr.write(process.stderr.isTTY ? `\u001b[2K${line}\r` : `${line}\n`)
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
