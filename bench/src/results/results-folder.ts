import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { nameOf } from '../harness/machine.ts'
import { rows } from '../rows.ts'
import { machineLine, overview, rowTables } from './markdown.ts'
import type { RowResult } from './result.ts'

/*
 * A folder of results:
 *
 *   README.md                 all of it as tables, written anew each time
 *   <machine>/<row>.json      the last run of a row on a machine, for each number of threads
 */

/**
 * Puts a row's result in the place of an older one of the same machine, and writes the tables anew. What the older one
 * has for other numbers of threads stays, if it is of the same commit and versions.
 */
export async function keep(result: RowResult, folder: string): Promise<void> {
  const machine = join(folder, nameOf(result.machine))
  await mkdir(machine, { recursive: true })
  const file = join(machine, `${result.row}.json`)
  const merged = merge(result, await readResult(file).catch(() => undefined))
  await writeFile(file, `${JSON.stringify(merged, rounded, 2)}\n`)
  await writeFile(join(folder, 'README.md'), page(await machinesOf(folder)))
}

function merge(result: RowResult, older: RowResult | undefined): RowResult {
  if (JSON.stringify(older?.machine) !== JSON.stringify(result.machine)) return result
  const measured = result.measurements.map(({ threads }) => threads)
  const others = older!.measurements.filter(({ threads }) => !measured.includes(threads))
  return { ...result, measurements: [...others, ...result.measurements].toSorted((a, b) => a.threads - b.threads) }
}

const readResult = async (file: string): Promise<RowResult> => JSON.parse(await readFile(file, 'utf8'))

/** Five digits are more than a time is known to. */
function rounded(_: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value
}

async function machinesOf(folder: string): Promise<readonly (readonly RowResult[])[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  return Promise.all(names.toSorted().map((name) => resultsOf(join(folder, name))))
}

/** In the order of the rows; a row that is no more comes last. */
async function resultsOf(folder: string): Promise<readonly RowResult[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.json'))
  const results = await Promise.all(files.map((file) => readResult(join(folder, file))))
  const place = ({ row }: RowResult): number =>
    (rows.findIndex(({ name }) => name === row) + rows.length + 1) % (rows.length + 1)
  return results.toSorted((a, b) => place(a) - place(b))
}

function page(machines: readonly (readonly RowResult[])[]): string {
  const sections = machines
    .filter((results) => results.length > 0)
    .map((results) => {
      const { cpu, cores, node } = results[0]!.machine
      const heading = `## ${cpu}, ${cores} cores, Node ${node.slice(1).split('.')[0]}`
      return [heading, conditions(results), overview(results), ...results.map(rowTables)].join('\n\n')
    })
  return `${[title, ...sections].join('\n\n')}\n`
}

const title = `# Results

Written by \`npm run bench\`; [what is measured, and how](../README.md). A time is the median of the turns. A ratio is another's
time over cnnkit's, the median over the rounds and in brackets its quartiles: above 1, cnnkit is faster.`

/** Rows may have been measured on different commits: each is said once, with its rows. */
function conditions(results: readonly RowResult[]): string {
  const lines = new Map<string, string[]>()
  for (const { machine, row } of results) {
    const line = machineLine(machine)
    lines.set(line, [...(lines.get(line) ?? []), row])
  }
  if (lines.size === 1) return [...lines.keys()][0]!
  return [...lines].map(([line, names]) => `- ${line}: ${names.join(', ')}`).join('\n')
}
