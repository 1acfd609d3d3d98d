// The process of one contender: `contender.js <row> <contender> <threads>`. It does what it is asked for, one thing at a time.
import type { Answer, Request, Turn, TurnLength } from './harness/messages.ts'
import type { Subject, Usage } from './row.ts'
import { contenderOf, rowOf } from './rows.ts'

const [row = '', contender = '', threads = '1'] = process.argv.slice(2)

process.on('disconnect', () => process.exit())

const subject = await contenderOf(rowOf(row), contender).open({ threads: Number(threads) })
process.on('message', async (request: Request) => {
  send(await answer(subject, request))
  if (request.ask === 'end') process.disconnect()
})
send({ answer: 'ready', milliseconds: performance.now(), threads: subject.threads })

async function answer(subject: Subject, request: Request): Promise<Answer> {
  switch (request.ask) {
    case 'turn':
      return { answer: 'turn', ...(await turn(subject, request.length)) }
    case 'next':
      return { answer: 'next', milliseconds: subject.next && (await timed(() => subject.next!())) }
    case 'output':
      return { answer: 'output', values: Array.from(await subject.output()) }
    case 'end':
      return { answer: 'end', peakMiB: (await usage(subject)).peakMiB, waiting: subject.waiting?.() }
  }
}

async function turn(subject: Subject, { seconds, runs }: TurnLength): Promise<Turn> {
  const milliseconds: number[] = []
  const before = await usage(subject)
  const end = performance.now() + seconds * 1000
  do milliseconds.push(await timed(() => subject.run()))
  while (performance.now() < end || milliseconds.length < runs)
  const { cpuMilliseconds } = await usage(subject)
  return { milliseconds, cpuMilliseconds: cpuMilliseconds - before.cpuMilliseconds }
}

/** Of the process that does the work: this one, or the one that it started for it. */
async function usage(subject: Subject): Promise<Usage> {
  if (subject.elsewhere) return subject.elsewhere()
  const { user, system } = process.cpuUsage()
  return { cpuMilliseconds: (user + system) / 1000, peakMiB: process.resourceUsage().maxRSS / 1024 }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

function send(message: Answer): void {
  process.send!(message)
}
