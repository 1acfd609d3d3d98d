import type { Machine } from '../harness/machine.ts'
import type { Spread } from '../harness/statistics.ts'
import type { ContenderResult, Measurement, RowResult } from './result.ts'

/** A machine in a line. */
export function machineLine({ cpu, cores, memoryGiB, system, node, v8, versions, commit }: Machine): string {
  const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  const parts = [`${cpu}, ${cores} cores`, `${memoryGiB} GiB`, system, `Node ${node} (V8 ${v8})`, packages.join(', ')]
  if (commit !== undefined) parts.push(`commit ${commit}`)
  return parts.join('; ')
}

/** All rows in a table: our time, the others', and their ratio. */
export function overview(results: readonly RowResult[]): string {
  const lines = results.flatMap(({ title, measurements }) =>
    measurements.flatMap(({ threads, contenders: [ours, ...others] }) =>
      others.map(({ name, time, ratio, cpuRatio }) => [
        title,
        threads,
        duration(ours!.time.median),
        name,
        duration(time.median),
        `**${times(ratio!.median)}**`,
        times(cpuRatio!.median),
      ]),
    ),
  )
  return table(['work', 'threads', 'cnnkit', 'against', 'its time', 'ratio', 'of processor time'], lines)
}

/** A row in full: what is timed, a table for each number of threads, and who the contenders are. */
export function rowTables({ row, title, timed, next, sameOutput, measurements }: RowResult): string {
  const known = new Map(measurements.flatMap(({ contenders }) => contenders.map(({ name, what }) => [name, what])))
  const outputs =
    typeof sameOutput === 'number'
      ? `Outputs differ by at most ${worstError(measurements)} (allowed: ${sameOutput}).`
      : `Outputs are not compared: ${sameOutput}.`
  return [
    `### ${title}`,
    `\`${row}\`. ${timed} ${outputs}`,
    ...measurements.map((measurement) => measurementTable(measurement, next)),
    [...known].map(([name, what]) => `- **${name}**: ${what}.`).join('\n'),
  ].join('\n\n')
}

function measurementTable(
  { threads, date, load, otherWork, contenders }: Measurement,
  next: string | undefined,
): string {
  const began = `${date.slice(0, 16).replace('T', ' ')} UTC, load ${load.toFixed(1)}`
  const noise = `${Math.round(otherWork * 100)} % of the cores’ time went to other programs`
  const shown = columns(next).filter(({ cell }) => contenders.some((contender) => cell(contender) !== ''))
  const lines = contenders.map((contender) => shown.map(({ cell }) => cell(contender)))
  const header = shown.map(({ title }) => title)
  return `${threads === 1 ? '1 thread' : `${threads} threads`}; ${began}; ${noise}.\n\n${table(header, lines)}`
}

interface Column {
  readonly title: string
  /** Empty where there is nothing to say. */
  cell(result: ContenderResult): string
}

/** `next` heads the column of what is done after the first run. */
const columns = (next = ''): readonly Column[] => [
  { title: 'contender', cell: ({ name }) => name },
  { title: 'threads', cell: ({ threads }) => `${threads}` },
  { title: 'time', cell: ({ time }) => duration(time.median) },
  { title: 'quartiles', cell: ({ time, turns }) => (turns.length > 1 ? time.quartiles.map(duration).join(' – ') : '') },
  { title: 'ratio', cell: ({ ratio, turns }) => (ratio ? ratioText(ratio, turns.length) : '1') },
  {
    title: 'processor time, ratio',
    cell: ({ cpu, cpuRatio }) => `${duration(cpu.median)}, ${cpuRatio ? times(cpuRatio.median) : '1'}`,
  },
  { title: 'waits', cell: ({ waiting }) => (waiting === undefined ? '' : `${(100 * waiting).toFixed(1)} %`) },
  { title: 'turns (runs)', cell: ({ turns, runs }) => `${turns.length} (${runs})` },
  { title: 'first run', cell: ({ first }) => duration(first) },
  { title: next, cell: (result) => (result.next === undefined ? '' : duration(result.next)) },
  { title: 'until ready', cell: ({ ready }) => duration(ready) },
  { title: 'peak memory', cell: ({ peakMiB }) => `${Math.round(peakMiB)} MiB` },
]

function ratioText({ median, quartiles }: Spread, turns: number): string {
  return turns > 1 ? `**${times(median)}** (${times(quartiles[0])} – ${times(quartiles[1])})` : `**${times(median)}**`
}

function worstError(measurements: readonly Measurement[]): string {
  const errors = measurements.flatMap(({ contenders }) => contenders.map(({ outputError = 0 }) => outputError))
  return Math.max(...errors).toExponential(0)
}

/** `times` of how many: two digits behind the point below ten. */
function times(ratio: number): string {
  return ratio >= 100 ? ratio.toFixed(0) : ratio >= 10 ? ratio.toFixed(1) : ratio.toFixed(2)
}

/** Milliseconds with three digits, seconds from ten of them on. */
function duration(milliseconds: number): string {
  if (milliseconds >= 10_000) return `${(milliseconds / 1000).toPrecision(3)} s`
  return `${milliseconds >= 100 ? milliseconds.toFixed(0) : milliseconds.toPrecision(3)} ms`
}

function table(header: readonly string[], lines: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`
  return [line(header), line(header.map(() => '---')), ...lines.map(line)].join('\n')
}
