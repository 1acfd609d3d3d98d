import { setBackend } from '@tensorflow/tfjs-core'
import { type Form, FormRun, type Pictured, type Results, type Work } from './run-form.ts'
import { fullSize, leastSize } from './sizes.ts'

/** The errors allowed, as max |a - b| / max |b|. */
export const bars: Readonly<Record<Work, number>> = { infer: 1e-3, gradient: 1e-2, step: 1e-2, map: 1e-3 }

/** What one piece of work came to. */
export interface WorkResult {
  /** The largest error of any tensor; Infinity where something is no number. */
  readonly error?: number
  /** The tensor that has it. */
  readonly at?: string
  /** Why it did not run, where it did not. */
  readonly failure?: string
  /** The set of pictures that the error is of: the best of those that were tried. */
  readonly seed?: number
  /** How far at least the reference is from itself with every weight moved by one rounding: where the error is beyond the bar. */
  readonly ownSpread?: number
}

/** What a form came to on a backend. */
export interface FormResult extends Form {
  /** Height and width of the pictures. */
  readonly size: number
  /** The backend that was taken to be right. */
  readonly reference: string
  /** How many sets of pictures it took. */
  readonly sets: number
  /** Those that were run. */
  readonly works: Readonly<Partial<Record<Work, WorkResult>>>
}

/**
 * Where a value within rounding of 0 goes into a ReLU, or two are nearly the largest of a window, the gradient takes one way on one backend and
 * another on the next, and both are right. It happens in a network of a million values, but not with any other pictures too, as a
 * wrong kernel would: a network that is beyond a bar is tried with so many sets of pictures.
 */
const sets = 3

/** So many times at most the weights are nudged to see how far rounding alone takes a network; the worst counts. */
const nudges = 6

/** Whether it ran, and its error is within the bar, or no more than what rounding does to the reference itself. */
export const holds = (work: Work, { error, failure, ownSpread = 0 }: WorkResult): boolean =>
  failure === undefined && error! <= Math.max(bars[work], ownSpread)

/** How a form is run. */
export interface Manner {
  /** The backend that is taken to be right. */
  readonly reference: string
  /**
   * At the least size at which norms see more than a pixel, and without `gradient`: a step of plain SGD at a rate of 1 moves each weight
   * by its gradient. For backends that take minutes else.
   */
  readonly brief?: boolean
  /** Without training. */
  readonly forward?: boolean
}

/** Runs a form on two backends that have been started, and compares. */
export async function compareForm(
  form: Form,
  { backend, reference, brief = false, forward = false }: Manner & { readonly backend: string },
): Promise<FormResult> {
  const works: Partial<Record<Work, WorkResult>> = {}
  const size = brief ? await leastSize(form) : await fullSize(form)
  const training: readonly Work[] = brief ? ['step'] : ['gradient', 'step']
  let open: readonly Work[] = ['infer', 'map', ...(forward ? [] : training)]
  let seed = 0
  for (; open.length > 0 && seed < sets; seed++) {
    const expected = { backend: reference, size, seed }
    const found = await compared(form, open, [expected, { backend, size, seed }])
    for (const work of open) {
      const result = found[work]!
      const before = works[work]
      if (!before || result.failure !== undefined || result.error! < before.error!) works[work] = { ...result, seed }
    }
    open = open.filter((work) => works[work]!.failure === undefined && !holds(work, works[work]!))
  }
  for (const [work, result] of Object.entries(works) as [Work, WorkResult][]) {
    if (result.failure !== undefined || holds(work, result)) continue
    const spread = await ownSpread(form, work, { backend: reference, size, seed: result.seed!, error: result.error! })
    works[work] = { ...result, ownSpread: spread }
  }
  return { ...form, size, reference, sets: seed, works }
}

interface Running extends Pictured {
  readonly backend: string
}

/** How far a backend comes from itself when the weights are nudged, until it is as far as the error. */
async function ownSpread(form: Form, work: Work, { error, ...running }: Running & { error: number }): Promise<number> {
  const alone = async (nudge: number): Promise<Results | Error> => {
    const run = await opened(form, { ...running, nudge })
    const outcome = await run.does(work)
    run.dispose()
    return outcome
  }
  const expected = await alone(0)
  let most = 0
  for (let nudge = 1; nudge <= nudges && most < error; nudge++) {
    most = Math.max(most, judged(await alone(nudge), expected).error ?? 0)
  }
  return most
}

/** One work after the other on both, so that no more is kept of a large network than what is compared. */
async function compared(
  form: Form,
  works: readonly Work[],
  [expected, actual]: readonly [Running, Running],
): Promise<Partial<Record<Work, WorkResult>>> {
  const [right, other] = [await opened(form, expected), await opened(form, actual)]
  const found: Partial<Record<Work, WorkResult>> = {}
  for (const work of works) found[work] = judged(await other.does(work), await right.does(work))
  right.dispose()
  other.dispose()
  return found
}

interface Opened {
  does(work: Work): Promise<Results | Error>
  dispose(): void
}

/** A form on a backend that is current whenever the form is at work. */
async function opened(form: Form, running: Running): Promise<Opened> {
  await setBackend(running.backend)
  const run = await FormRun.open(form, running)
  return {
    does: async (work) => {
      await setBackend(running.backend)
      return run.run(work).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))))
    },
    dispose: () => run.dispose(),
  }
}

function judged(actual: Results | Error, expected: Results | Error): WorkResult {
  if (expected instanceof Error) return { failure: `the reference: ${expected.message}` }
  if (actual instanceof Error) return { failure: actual.message }
  const largest = Math.max(...[...expected.values()].map(largestOf))
  let [error, at] = [0, '']
  for (const [name, values] of expected) {
    // A tensor whose values are next to nothing beside the others' holds little but their rounding.
    const scale = Math.max(largestOf(values), smallPart * largest)
    const own = largestDifference(actual.get(name)!, values) / (scale === 0 ? 1 : scale)
    if (own > error || Number.isNaN(own)) [error, at] = [Number.isNaN(own) ? Number.POSITIVE_INFINITY : own, name]
  }
  return { error, at }
}

/** Of the largest value of all tensors: what a tensor's error is measured by at least. */
const smallPart = 1e-2

const largestOf = (values: Float32Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)

function largestDifference(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0)
}
