import os from 'node:os'
import type { Measurement } from '../results/result.ts'
import type { Row } from '../row.ts'
import { type ContenderProcess, endContenders, startContender } from './contender-process.ts'
import type { TurnLength } from './messages.ts'
import { OtherWork } from './other-work.ts'
import { spread } from './statistics.ts'
import { assertSameOutput, emptyTally, resultOf, type Tally } from './tally.ts'

/** How a row is measured. */
export interface MeasureOptions {
  /** Turns of each contender. */
  readonly rounds: number
  /** Of a turn. A run that takes longer is a turn of its own. */
  readonly turnSeconds: number
  /** Each process works so long before its first turn counts. */
  readonly warmUpSeconds: number
  /** Told what happens, in a line. */
  readonly onProgress?: (line: string) => void
}

/**
 * Measures a row with a number of threads. The contenders take turns, A B C C B A A B C ..., so that whatever else the
 * machine does hits all of them alike.
 *
 * @throws when the outputs of contenders differ by more than the row allows, and when one of them dies
 */
export async function measure(row: Row, threads: number, options: MeasureOptions): Promise<Measurement> {
  const date = new Date().toISOString()
  const load = os.loadavg()[0]!
  const others = new OtherWork()
  const tallies = row.contenders.filter((contender) => contender.threads?.includes(threads) ?? true).map(emptyTally)
  const session = { row, threads, options, others, tallies }
  try {
    await (row.process === 'kept' ? keptProcesses(session) : freshProcesses(session))
  } finally {
    endContenders()
  }
  const ours = tallies[0]!
  const contenders = tallies.map((tally) => resultOf(tally, ours))
  assertSameOutput(row, contenders)
  return { threads, date, load, otherWork: others.share, contenders }
}

interface Session {
  readonly row: Row
  readonly threads: number
  readonly options: MeasureOptions
  readonly others: OtherWork
  readonly tallies: readonly Tally[]
}

async function keptProcesses(session: Session): Promise<void> {
  const { options, tallies } = session
  const started: { tally: Tally; process: ContenderProcess }[] = []
  for (const tally of tallies) {
    if (tally.contender.slow) {
      say(session, tally, 'its only turn')
      await firstRunOnly(session, tally)
    } else started.push({ tally, process: await warmedUp(session, tally) })
  }
  for (let round = 0; round < options.rounds; round++) {
    for (const { tally, process } of inTurn(started, round)) {
      say(session, tally, `round ${round + 1} of ${options.rounds}`)
      await takeTurn(session, tally, process, { seconds: options.turnSeconds, runs: 1 })
    }
  }
  for (const { tally, process } of started) await end(tally, process)
}

async function freshProcesses(session: Session): Promise<void> {
  const { options, tallies } = session
  // Round 0 does not count: it brings the files into the system's cache.
  for (let round = 0; round <= options.rounds; round++) {
    for (const tally of inTurn(tallies, round)) {
      say(session, tally, `round ${round} of ${options.rounds}`)
      await firstRunOnly(session, round === 0 ? emptyTally(tally.contender) : tally)
    }
  }
}

async function warmedUp(session: Session, tally: Tally): Promise<ContenderProcess> {
  say(session, tally, 'warming up')
  const process = await startContender(session.row, tally.contender, session.threads)
  const { milliseconds } = await process.turn({ seconds: 0, runs: 1 })
  await noteFirst(tally, process, milliseconds[0]!)
  const left = session.options.warmUpSeconds - milliseconds[0]! / 1000
  if (left > 0) await process.turn({ seconds: left, runs: 1 })
  return process
}

/** A process whose first run is its turn. */
async function firstRunOnly(session: Session, tally: Tally): Promise<void> {
  const process = await startContender(session.row, tally.contender, session.threads)
  await noteFirst(tally, process, await takeTurn(session, tally, process, { seconds: 0, runs: 1 }))
  await end(tally, process)
}

async function end(tally: Tally, process: ContenderProcess): Promise<void> {
  const { peakMiB, waiting } = await process.end()
  tally.peak.push(peakMiB)
  if (waiting !== undefined) tally.waiting.push(waiting)
}

async function noteFirst(tally: Tally, process: ContenderProcess, milliseconds: number): Promise<void> {
  tally.threads = process.ready.threads
  tally.ready.push(process.ready.milliseconds)
  tally.first.push(milliseconds)
  const next = await process.next()
  if (next !== undefined) tally.next.push(next)
  tally.output = await process.output()
}

async function takeTurn(
  { others }: Session,
  tally: Tally,
  process: ContenderProcess,
  length: TurnLength,
): Promise<number> {
  const { milliseconds, cpuMilliseconds } = await others.during(process.turn(length))
  const time = spread(milliseconds).median
  tally.turns.push(time)
  tally.cpu.push(cpuMilliseconds / milliseconds.length)
  tally.runs += milliseconds.length
  return time
}

function say({ row, threads, options }: Session, { contender }: Tally, what: string): void {
  options.onProgress?.(`${row.name}, threads: ${threads}: ${what}, ${contender.name}`)
}

/** There and back: each is as often before the others as after them. */
function inTurn<T>(contenders: readonly T[], round: number): readonly T[] {
  return round % 2 === 0 ? contenders : contenders.toReversed()
}
