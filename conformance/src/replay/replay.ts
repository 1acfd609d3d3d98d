import '@tensorflow/tfjs-layers' // registers the gradients of TensorFlow.js' own kernels
import { relativeError } from '@cnnkit/testing/numbers'
import { setBackend } from '@tensorflow/tfjs-core'
import { callOf, type KernelCall } from '../calls/kernel-call.ts'
import { valuesFor } from './inputs.ts'
import { formOn, type Output, runCall } from './run-call.ts'
import { classOf, tolerances } from './tolerances.ts'

/** What replaying one call came to. */
export interface Replayed {
  /** The call, as `lineOf` writes it. */
  readonly line: string
  /** Against the reference; Infinity where shapes differ or something is no number. */
  readonly error: number
  /** Why it did not run, where it did not. */
  readonly failure?: string
}

/** What a kernel came to, over all its calls. */
export interface KernelResult {
  readonly kernel: string
  /** How the backend comes by it. */
  readonly form: 'own' | 'composed' | 'missing'
  readonly calls: number
  /** The largest error of the calls that ran. */
  readonly worst: number
  /** Those beyond the tolerance of the kernel's class, or that did not run. */
  readonly failed: readonly Replayed[]
}

/** Options of {@link replay}. */
export interface ReplayOptions {
  /** The backend under test, as TensorFlow.js knows it; it must have been started. */
  readonly backend: string
  /** What is right: `cpu` unless given. */
  readonly reference?: string
}

/** Replays calls, given as lines, with the same values on the reference and on a backend, and compares. It leaves the backend current. */
export async function replay(lines: readonly string[], options: ReplayOptions): Promise<readonly KernelResult[]> {
  const { backend, reference = 'cpu' } = options
  const byKernel = new Map<string, { readonly form: KernelResult['form']; readonly results: Replayed[] }>()
  for (const line of lines) {
    const call = callOf(line)
    const { form, results } = byKernel.get(call.kernel) ?? { form: formOn(call.kernel, backend), results: [] }
    byKernel.set(call.kernel, { form, results })
    if (form !== 'missing') results.push(await replayed(call, line, { backend, reference }))
  }
  await setBackend(backend)
  return [...byKernel].map(([kernel, { form, results }]) => {
    const tolerance = tolerances[classOf(kernel)]
    const failed = results.filter(({ error, failure }) => failure !== undefined || !(error <= tolerance))
    const worst = Math.max(0, ...results.flatMap(({ error, failure }) => (failure === undefined ? error : [])))
    return { kernel, form, calls: results.length, worst, failed }
  })
}

async function replayed(
  call: KernelCall,
  line: string,
  { backend, reference }: Required<ReplayOptions>,
): Promise<Replayed> {
  const values = valuesFor(call)
  try {
    await setBackend(reference)
    const expected = await runCall(call, values)
    await setBackend(backend)
    const actual = await runCall(call, values)
    return { line, error: errorOf(actual, expected) }
  } catch (error) {
    return { line, error: Number.POSITIVE_INFINITY, failure: error instanceof Error ? error.message : String(error) }
  }
}

function errorOf(actual: readonly Output[], expected: readonly Output[]): number {
  const alike = actual.length === expected.length && actual.every((output, i) => isFormed(output, expected[i]!))
  if (!alike) return Number.POSITIVE_INFINITY
  return Math.max(0, ...actual.map(({ values }, i) => relativeError(values, expected[i]!.values)))
}

const isFormed = (a: Output, b: Output): boolean => a.dtype === b.dtype && `${a.shape}` === `${b.shape}`
