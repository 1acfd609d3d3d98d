import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Contender, Row } from '../row.ts'
import type { Answer, Answers, Request, Turn, TurnLength } from './messages.ts'

/** A contender that runs in a process of its own. */
export interface ContenderProcess {
  readonly contender: Contender
  /** How long it took from the start of the process until it could work, and on how many threads it runs. */
  readonly ready: Answers['ready']
  turn(length: TurnLength): Promise<Turn>
  /** Milliseconds that the contender's `next` takes; nothing where it has none. */
  next(): Promise<number | undefined>
  output(): Promise<readonly number[]>
  /** Ends it and gives what it has to say of all its runs. */
  end(): Promise<Answers['end']>
}

const living = new Set<ChildProcess>()

/** Ends all processes at once, whatever they do. */
export function endContenders(): void {
  for (const child of living) child.kill('SIGKILL')
}

/** Starts a contender and waits until it is ready. The promises reject with what it printed when it dies. */
export async function startContender(row: Row, contender: Contender, threads: number): Promise<ContenderProcess> {
  const child = fork(program(), [row.name, contender.name, String(threads)], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const answered = listen(child, `${contender.name} of ${row.name} with threads: ${threads}`)
  const ask = <Kind extends Request['ask']>(request: Request & { ask: Kind }): Promise<Answers[Kind]> => {
    const answer = answered<Kind>()
    child.send(request)
    return answer
  }
  return {
    contender,
    ready: await answered<'ready'>(),
    turn: (length) => ask({ ask: 'turn', length }),
    next: async () => (await ask({ ask: 'next' })).milliseconds,
    output: async () => (await ask({ ask: 'output' })).values,
    end: async () => {
      const last = await ask({ ask: 'end' })
      await new Promise((resolve) => (living.has(child) ? child.once('exit', resolve) : resolve(undefined)))
      return last
    },
  }
}

/** Built, or as source where the harness itself runs as source. */
function program(): string {
  const built = import.meta.url.endsWith('.js')
  return fileURLToPath(new URL(built ? './contender.js' : '../contender.ts', import.meta.url))
}

/** Gives, at each call, the next answer of a process. */
function listen(child: ChildProcess, name: string): <Kind extends keyof Answers>() => Promise<Answers[Kind]> {
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      printed = `${printed}${chunk}`.slice(-4000)
    })
  }
  let waiting: { resolve(answer: never): void; reject(error: Error): void } | undefined
  let ended: Error | undefined
  living.add(child)
  child.on('message', (answer: Answer) => waiting?.resolve(answer as never))
  child.on('error', (error) => waiting?.reject(error))
  child.on('exit', (code, signal) => {
    living.delete(child)
    ended = new Error(`The process of ${name} ended with ${signal ?? `code ${code}`}.\n${printed}`)
    waiting?.reject(ended)
  })
  return () =>
    new Promise((resolve, reject) => {
      if (ended) reject(ended)
      waiting = { resolve, reject }
    })
}
