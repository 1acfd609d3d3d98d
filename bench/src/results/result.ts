import type { Machine } from '../harness/machine.ts'
import type { Spread } from '../harness/statistics.ts'

/** What a contender took. Times are in milliseconds. */
export interface ContenderResult {
  readonly name: string
  readonly what: string
  /** Threads that it really ran on. */
  readonly threads: number
  /** Of the turns. */
  readonly time: Spread
  /** Each turn: the median of its runs. */
  readonly turns: readonly number[]
  /** Runs in all turns together. */
  readonly runs: number
  /** How many times as long as ours, turn by turn; absent for ours. */
  readonly ratio?: Spread
  /** Processor time a run, in all threads. Other programs lengthen it less than the time by the clock. */
  readonly cpu: Spread
  /** How many times as much processor time as ours, turn by turn; absent for ours. */
  readonly cpuRatio?: Spread
  /** From the start of the process until it could work, imports and weights included; the median of its processes. */
  readonly ready: number
  /** The first run in a process; the median of its processes. */
  readonly first: number
  /** The row's `next`, the median of its processes. */
  readonly next?: number
  /** Largest resident memory of a process, in MiB. */
  readonly peakMiB: number
  /** Of the time of its runs, the share in which it waited for what it works on, 0 to 1; where the row tells it. */
  readonly waiting?: number
  /** How far its output is from ours, max |a - b| / max |b|; absent for ours. */
  readonly outputError?: number
}

/** A row that was run with a number of threads. */
export interface Measurement {
  /** Threads that were asked for. */
  readonly threads: number
  /** When it began: ISO 8601. */
  readonly date: string
  /** Load average over one minute as it began. */
  readonly load: number
  /** Of all cores' time during the turns, the share that went to other programs, 0 to 1. */
  readonly otherWork: number
  readonly contenders: readonly ContenderResult[]
}

/** A row's results on a machine: what is kept as JSON. */
export interface RowResult {
  readonly row: string
  readonly title: string
  readonly timed: string
  readonly next?: string
  readonly process: 'kept' | 'fresh'
  readonly sameOutput: number | string
  readonly machine: Machine
  readonly measurements: readonly Measurement[]
}
