import { isCnnkitError } from '@cnnkit/errors'
import { augmentationFrom } from '../augment/from-steps.ts'
import { random } from '../augment/random.ts'
import type { Picture } from '../picture.ts'
import type { PictureFile } from '../read/picture-file.ts'
import { checkAborted } from './bad-files.ts'
import { gate } from './gate.ts'
import { preparer } from './prepare.ts'
import type { Answer, PlainError, Request, Work } from './worker-messages.ts'

/** How a worker's program reads and answers on its platform. */
export interface WorkerSide {
  readonly read: (file: PictureFile) => Promise<Picture>
  readonly post: (answer: Answer, transferred: readonly ArrayBuffer[]) => void
}

/** What a worker does with each request. Work is begun in the order in which it comes. */
export function serve({ read, post }: WorkerSide): (request: Request) => void {
  const running = new Map<number, AbortController>()
  const gates = new Map<number, ReturnType<typeof gate>>()
  const gateOf = (places: number): ReturnType<typeof gate> => {
    const enter = gates.get(places) ?? gate(places)
    gates.set(places, enter)
    return enter
  }
  const answer = async (id: number, work: Work): Promise<void> => {
    const stop = new AbortController()
    running.set(id, stop)
    const decoded: [number, Picture][] = []
    const sourceAt = async (place: number): Promise<Picture> => {
      checkAborted(stop.signal)
      const source = work.sources[place]!
      if ('data' in source) return source
      const picture = await read(source)
      if (work.keep) decoded.push([place, picture])
      return picture
    }
    const { preprocessing, steps, seed, streams, concurrency } = work
    const augment = steps && augmentationFrom(steps)
    const prepare = preparer({ preprocessing, augment, enter: gateOf(concurrency) })
    const wanted = streams.map((stream, place) => ({ read: () => sourceAt(place), stream: random(seed, stream) }))
    const { values, errors } = await prepare(wanted)
    running.delete(id)
    const plain = [...errors].map(([place, error]) => [place, plainError(error)] as const)
    post({ id, values, errors: plain, decoded }, [values.buffer as ArrayBuffer])
  }
  return (request) => {
    if ('stop' in request) running.get(request.stop)?.abort()
    else void answer(request.id, request.work)
  }
}

function plainError(error: unknown): PlainError {
  const message = error instanceof Error ? error.message : String(error)
  return isCnnkitError(error) ? { message, code: error.code } : { message }
}
