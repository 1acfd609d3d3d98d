import { sample } from '../calls/sample.ts'
import { readZooKernels } from '../data.ts'
import type { Manner } from '../networks/compare-form.ts'
import type { Form } from '../networks/run-form.ts'
import type { OpenPlace, Place } from '../places/place.ts'
import type { KernelResult } from '../replay/replay.ts'
import { type PlaceResults, readResults, summaryOf, versions, writeResults } from './results.ts'

/** What of a place is to be run. */
export interface RunPlaceOptions {
  /** Those that have results are left out, unless `again` is set. */
  readonly kernels?: boolean
  /** So many calls of each; all unless given. */
  readonly most?: number | undefined
  /** One kernel alone, whether it has results or not. */
  readonly only?: string | undefined
  /** Those that have results are left out, unless `again` is set. */
  readonly networks?: readonly Form[]
  readonly again?: boolean
  /** How networks are run. */
  readonly manner: Manner
  readonly log: (line: string) => void
}

/** Runs a place, and keeps what was found after each network: a run that is broken off goes on where it was. */
export async function runPlace(place: Place, options: RunPlaceOptions): Promise<void> {
  const open = await place.open()
  try {
    if (options.kernels) await runKernels(place, open, options)
    for (const form of options.networks ?? []) await runNetwork(place, open, form, options)
  } finally {
    await open.close()
  }
}

const bunch = 100

async function runKernels(place: Place, open: OpenPlace, options: RunPlaceOptions): Promise<void> {
  const { only, most, again, log } = options
  for (const [kernel, calls] of sample(readZooKernels(), most)) {
    if (only !== undefined && only !== kernel) continue
    const kept = readResults(place.id)?.kernels ?? []
    const known = kept.find((result) => result.kernel === kernel)
    if (known && known.calls >= calls.length && only === undefined && !again) continue
    const summary = summaryOf(await replayed(open, calls))
    const { form, worst, failed } = summary
    log(`${place.id} ${kernel} ${form} ${calls.length} worst ${worst.toExponential(1)} failed ${failed}`)
    const others = kept.filter((result) => result.kernel !== kernel)
    keep(place, open, { kernels: [...others, summary].sort((a, b) => (a.kernel < b.kernel ? -1 : 1)) })
  }
}

/** A bunch at a time, so that a page's answer stays small and a device is left alone between. */
async function replayed(open: OpenPlace, calls: readonly string[]): Promise<KernelResult> {
  const results: KernelResult[] = []
  for (let at = 0; at < calls.length; at += bunch) results.push(...(await open.replay(calls.slice(at, at + bunch))))
  return {
    kernel: results[0]!.kernel,
    form: results[0]!.form,
    calls: results.reduce((all, result) => all + result.calls, 0),
    worst: Math.max(...results.map(({ worst }) => worst)),
    failed: results.flatMap(({ failed }) => failed),
  }
}

async function runNetwork(place: Place, open: OpenPlace, form: Form, options: RunPlaceOptions): Promise<void> {
  const key = `${form.network} ${form.flavor}`
  const known = readResults(place.id)?.networks ?? {}
  const isDone = options.manner.forward ? known[key] : known[key]?.works.step
  if (isDone && !options.again) return
  const started = performance.now()
  const result = await open.network(form, options.manner)
  const seconds = ((performance.now() - started) / 1000).toFixed(0)
  const told = Object.entries(result.works).map(
    ([work, { error, failure }]) => `${work} ${failure ?? error?.toExponential(1)}`,
  )
  options.log(`${place.id} ${key} ${told.join(', ')} (${seconds} s)`)
  keep(place, open, { networks: { ...known, [key]: result } })
}

function keep(place: Place, { report }: OpenPlace, found: Partial<PlaceResults>): void {
  const before = readResults(place.id)
  writeResults(place.id, {
    title: place.title,
    date: new Date().toISOString().slice(0, 10),
    versions: versions(),
    report,
    kernels: before?.kernels ?? [],
    networks: before?.networks ?? {},
    ...found,
  })
}
