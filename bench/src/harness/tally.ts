import type { ContenderResult } from '../results/result.ts'
import type { Contender, Row } from '../row.ts'
import { ratio, relativeError, spread } from './statistics.ts'

/** What is gathered of a contender, turn by turn; times in milliseconds. */
export interface Tally {
  readonly contender: Contender
  threads: number
  output: readonly number[]
  runs: number
  /** The median of each turn's runs. */
  readonly turns: number[]
  /** Processor time a run, in all threads: the mean of each turn's runs. */
  readonly cpu: number[]
  /** Of each of its processes, as the next five. */
  readonly ready: number[]
  readonly first: number[]
  readonly next: number[]
  /** In MiB. */
  readonly peak: number[]
  /** Shares of time; none where contenders do not know. */
  readonly waiting: number[]
}

/** A tally to begin with. */
export function emptyTally(contender: Contender): Tally {
  return {
    contender,
    threads: 0,
    output: [],
    runs: 0,
    turns: [],
    cpu: [],
    ready: [],
    first: [],
    next: [],
    peak: [],
    waiting: [],
  }
}

/** What a tally comes to, beside ours. */
export function resultOf(tally: Tally, ours: Tally): ContenderResult {
  const { contender, threads, turns, cpu, runs, ready, first, next, peak, waiting, output } = tally
  return {
    name: contender.name,
    what: contender.what,
    threads,
    time: spread(turns),
    turns,
    runs,
    cpu: spread(cpu),
    ready: spread(ready).median,
    first: spread(first).median,
    ...(next.length > 0 && { next: spread(next).median }),
    peakMiB: Math.max(...peak),
    ...(waiting.length > 0 && { waiting: spread(waiting).median }),
    ...(tally !== ours && {
      ratio: ratio(turns, ours.turns),
      cpuRatio: ratio(cpu, ours.cpu),
      ...(!contender.ownOutput && { outputError: relativeError(ours.output, output) }),
    }),
  }
}

/** Refuses to compare contenders that do other work than ours. */
export function assertSameOutput(
  { name, sameOutput }: Pick<Row, 'name' | 'sameOutput'>,
  contenders: readonly Pick<ContenderResult, 'name' | 'outputError'>[],
): void {
  for (const { name: contender, outputError = 0 } of contenders) {
    if (typeof sameOutput !== 'number' || outputError <= sameOutput) continue
    throw new Error(
      `${contender} of ${name} gives another result than ours (apart by ${outputError}, allowed is ${sameOutput}): it does other work, so its time says nothing.`,
    )
  }
}
