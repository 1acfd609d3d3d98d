import { describe, expect, it } from 'vitest'
import { sample } from './calls/sample.ts'
import { recordZoo } from './collect/record.ts'
import { readZooKernels } from './data.ts'
import { networksByCost } from './networks/by-cost.ts'
import { holds } from './networks/compare-form.ts'
import type { Work } from './networks/run-form.ts'
import { places } from './places/places.ts'

it('data/zoo-kernels.json is what all networks call', async () => {
  expect(await recordZoo(), 'pnpm --filter conformance start collect').toEqual(readZooKernels())
})

const reasons = await Promise.all(places.map(async (place) => [place, await place.why()] as const))
for (const [{ title }, why] of reasons) if (why !== undefined) process.stderr.write(`${title} is not held: ${why}\n`)

describe.each(reasons.filter(([, why]) => why === undefined).map(([place]) => place))('$title', (place) => {
  it('gives what cpu gives, for every call, and runs, trains and explains every network', async () => {
    const open = await place.open()
    const found: string[] = []
    for (const [kernel, lines] of sample(readZooKernels())) {
      for (const { form, failed } of await open.replay(lines)) {
        if (form === 'missing') found.push(`${kernel} is missing`)
        for (const { line, error, failure } of failed) found.push(`${line}: ${failure ?? error}`)
      }
    }
    const reference = place.id.startsWith('node-wasm') ? 'cpu' : 'wasm'
    for (const form of await networksByCost()) {
      const { works } = await open.network(form, reference)
      for (const [work, result] of Object.entries(works)) {
        if (!holds(work as Work, result)) found.push(`${form.network} ${work}: ${result.failure ?? result.error}`)
      }
    }
    await open.close()
    expect(found).toEqual([])
  })
})
