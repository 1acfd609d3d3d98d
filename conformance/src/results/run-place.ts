import { readZooKernels } from '../data.ts'
import type { Form } from '../networks/run-form.ts'
import type { OpenPlace, Place } from '../places/place.ts'
import { type PlaceResults, readResults, summaryOf, versions, writeResults } from './results.ts'

/** What of a place is to be run. */
export interface RunPlaceOptions {
  readonly kernels?: boolean
  /** Those that have results are left out, unless `again` is set. */
  readonly networks?: readonly Form[]
  readonly again?: boolean
  /** The backend that networks are compared with. */
  readonly reference: string
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

async function runKernels(place: Place, open: OpenPlace, { log }: RunPlaceOptions): Promise<void> {
  const lines = Object.keys(readZooKernels().classes)
  const kernels = []
  const kernelOf = (line: string): string => line.slice(0, line.indexOf(' '))
  for (const kernel of new Set(lines.map(kernelOf))) {
    const calls = lines.filter((line) => kernelOf(line) === kernel)
    let result = (await open.replay(calls.slice(0, bunch)))[0]!
    for (let at = bunch; at < calls.length; at += bunch) {
      const next = (await open.replay(calls.slice(at, at + bunch)))[0]!
      result = {
        ...result,
        calls: result.calls + next.calls,
        worst: Math.max(result.worst, next.worst),
        failed: [...result.failed, ...next.failed],
      }
    }
    const summary = summaryOf(result)
    kernels.push(summary)
    log(
      `${place.id} ${kernel} ${summary.form} ${summary.calls} worst ${summary.worst.toExponential(1)} failed ${summary.failed}`,
    )
    keep(place, open, { kernels })
  }
}

async function runNetwork(place: Place, open: OpenPlace, form: Form, options: RunPlaceOptions): Promise<void> {
  const key = `${form.network} ${form.flavor}`
  const known = readResults(place.id)?.networks ?? {}
  if (known[key] && !options.again) return
  const started = performance.now()
  const result = await open.network(form, options.reference)
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
