import { CnnkitError } from '@cnnkit/errors'
import type { Picture } from '../picture.ts'
import type { Prepared } from './prepare.ts'
import type { Answer, PlainError, Request, Work } from './worker-messages.ts'

/** A thread of the platform, which answers requests. */
export interface WorkerThread {
  post(request: Request): void
  /** While it is held, the thread keeps the process alive. */
  hold(isHeld: boolean): void
}

/** Starts a thread. `lost` is told once it cannot answer any more. */
export type StartWorker = (on: {
  readonly answer: (answer: Answer) => void
  readonly lost: () => void
}) => Promise<WorkerThread>

/** What workers made of pictures; with those that they decoded, where these are to be kept. */
export interface WorkersResult extends Prepared {
  readonly decoded: ReadonlyMap<number, Picture>
}

/** Threads that prepare pictures. They are started when they are first needed, and shared by all who read pictures. */
export interface Workers {
  /** Divides the work among so many threads; undefined where there are none, or one of them was lost: then it is up to the caller. */
  prepare(work: Work, threads: number, stopped: AbortSignal): Promise<WorkersResult | undefined>
}

/** Workers that are started by a function of the platform. After one was lost no other is tried. */
export function workersBy(start: StartWorker): Workers {
  const threads: Promise<Asker | undefined>[] = []
  let areLost = false
  const lost = (): void => {
    areLost = true
  }
  return {
    prepare: async (work, count, stopped) => {
      while (threads.length < count && !areLost) threads.push(askerOf(start, lost))
      const parts = partsOf(work, count)
      const answers = await Promise.all(
        parts.map(async (part, i) => (areLost ? undefined : (await threads[i])?.(part.work, stopped))),
      )
      return answers.every((answer) => answer !== undefined) ? joined(parts, answers) : undefined
    },
  }
}

type Asker = (work: Work, stopped: AbortSignal) => Promise<Answer | undefined>

let lastId = 0

/** A function that asks one thread; undefined where it cannot be started. */
async function askerOf(start: StartWorker, onLost: () => void): Promise<Asker | undefined> {
  const waiting = new Map<number, (answer: Answer | undefined) => void>()
  let isLost = false
  const lost = (): void => {
    isLost = true
    onLost()
    for (const resolve of waiting.values()) resolve(undefined)
    waiting.clear()
  }
  let thread: WorkerThread
  const answer = (given: Answer): void => {
    waiting.get(given.id)?.(given)
    waiting.delete(given.id)
    if (waiting.size === 0) thread.hold(false)
  }
  try {
    thread = await start({ answer, lost })
  } catch {
    lost()
    return undefined
  }
  return async (work, stopped) => {
    if (isLost) return undefined
    const id = ++lastId
    const stop = (): void => thread.post({ stop: id })
    stopped.addEventListener('abort', stop)
    thread.hold(true)
    thread.post({ id, work })
    if (stopped.aborted) stop()
    try {
      return await new Promise((resolve) => waiting.set(id, resolve))
    } finally {
      stopped.removeEventListener('abort', stop)
    }
  }
}

interface Part {
  /** The place of its first picture in the whole. */
  readonly start: number
  readonly work: Work
}

/** The work in so many parts, as even as can be; fewer where there are fewer pictures. */
function partsOf(work: Work, count: number): readonly Part[] {
  const { sources, streams } = work
  const parts = Math.min(count, sources.length)
  const bounds = Array.from({ length: parts + 1 }, (_, i) => Math.round((i * sources.length) / parts))
  return bounds.slice(0, -1).map((start, i) => {
    const end = bounds[i + 1]
    return { start, work: { ...work, sources: sources.slice(start, end), streams: streams.slice(start, end) } }
  })
}

function joined(parts: readonly Part[], answers: readonly Answer[]): WorkersResult {
  const at = <Value>(pairs: (answer: Answer) => readonly (readonly [number, Value])[]): Map<number, Value> =>
    new Map(answers.flatMap((answer, i) => pairs(answer).map(([place, value]) => [parts[i]!.start + place, value])))
  const errors = new Map([...at(({ errors }) => errors)].map(([place, error]) => [place, errorOf(error)]))
  return { values: concatenated(answers.map(({ values }) => values)), errors, decoded: at(({ decoded }) => decoded) }
}

function concatenated(parts: readonly Float32Array[]): Float32Array {
  if (parts.length === 1) return parts[0]!
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0))
  let start = 0
  for (const part of parts) {
    whole.set(part, start)
    start += part.length
  }
  return whole
}

function errorOf({ message, code }: PlainError): Error {
  return code === undefined
    ? new Error(message)
    : new CnnkitError('images', code, message.replace(/^\[@cnnkit\/images\] /, ''))
}
