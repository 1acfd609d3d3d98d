import { setBackend } from '@tensorflow/tfjs-core'
import { type Form, FormRun, type Results, sizeOf, type Work } from './run-form.ts'

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
  /** How far the reference is from itself with every weight moved by one rounding: where the error is beyond the bar. */
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
  readonly works: Readonly<Record<Work, WorkResult>>
}

/**
 * Where a value within rounding of 0 goes into a ReLU, or two are nearly the largest of a window, the gradient takes one way on one backend and
 * another on the next, and both are right. It happens in a network of a million values, but not with any other pictures too, as a
 * wrong kernel would: a network that is beyond a bar is tried with so many sets of pictures.
 */
const sets = 3

/** So many times the weights are nudged to see how far rounding alone takes a network; the worst counts. */
const nudges = 6

/** Whether it ran, and its error is within the bar, or no more than what rounding does to the reference itself. */
export const holds = (work: Work, { error, failure, ownSpread = 0 }: WorkResult): boolean =>
  failure === undefined && error! <= Math.max(bars[work], ownSpread)

/** Runs a form on two backends that have been started, and compares. It leaves the second current. */
export async function compareForm(
  form: Form,
  { backend, reference }: { readonly backend: string; readonly reference: string },
): Promise<FormResult> {
  const works: Partial<Record<Work, WorkResult>> = {}
  let seed = 0
  for (let open: readonly Work[] = ['infer', 'map', 'gradient', 'step']; open.length > 0 && seed < sets; seed++) {
    const expected = await outcomes(form, { works: open, seed, backend: reference })
    const actual = await outcomes(form, { works: open, seed, backend })
    for (const work of open) {
      const result = judged(actual[work]!, expected[work]!)
      const before = works[work]
      if (!before || result.failure !== undefined || result.error! < before.error!) works[work] = { ...result, seed }
    }
    open = open.filter((work) => works[work]!.failure === undefined && !holds(work, works[work]!))
  }
  for (const [work, result] of Object.entries(works) as [Work, WorkResult][]) {
    if (result.failure !== undefined || holds(work, result)) continue
    works[work] = { ...result, ownSpread: await ownSpread(form, { work, seed: result.seed!, backend: reference }) }
  }
  return { ...form, size: await sizeOf(form.network), reference, sets: seed, works: works as FormResult['works'] }
}

type Outcome = Results | Error

interface Running {
  readonly works: readonly Work[]
  readonly seed: number
  readonly backend: string
}

/** How far a backend comes from itself when the weights are nudged. */
async function ownSpread(
  form: Form,
  { work, seed, backend }: Omit<Running, 'works'> & { work: Work },
): Promise<number> {
  const running: Running = { works: [work], seed, backend }
  const expected = await outcomes(form, running)
  let most = 0
  for (let nudge = 1; nudge <= nudges; nudge++) {
    const nudged = await outcomes(form, running, nudge)
    most = Math.max(most, judged(nudged[work]!, expected[work]!).error ?? 0)
  }
  return most
}

async function outcomes(
  form: Form,
  { works, seed, backend }: Running,
  nudge = 0,
): Promise<Partial<Record<Work, Outcome>>> {
  await setBackend(backend)
  const all: Partial<Record<Work, Outcome>> = {}
  const run = await FormRun.open(form, seed, nudge)
  for (const work of works) {
    try {
      all[work] = await run.run(work)
    } catch (error) {
      all[work] = error instanceof Error ? error : new Error(String(error))
    }
  }
  run.dispose()
  return all
}

function judged(actual: Outcome, expected: Outcome): WorkResult {
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
