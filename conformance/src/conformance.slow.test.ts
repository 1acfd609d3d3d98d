import { cpu } from '@cnnkit/backend/cpu'
import { describe, expect, it } from 'vitest'
import { sample } from './calls/sample.ts'
import { recordZoo } from './collect/record.ts'
import { readZooKernels } from './data.ts'
import { networksByCost } from './networks/by-cost.ts'
import { holds } from './networks/compare-form.ts'
import type { Work } from './networks/run-form.ts'
import type { OpenPlace } from './places/place.ts'
import { places } from './places/places.ts'

it('data/zoo-kernels.json is what all networks call', async () => {
  expect(await recordZoo(), 'pnpm --filter conformance start collect').toEqual(readZooKernels())
})

/** What of the suite takes minutes and not hours: calls of each kernel, all unless it says, and networks of at most so many GMAC. The rest is `start run`'s. */
const inMinutes: Readonly<Record<string, { readonly each?: number; readonly most: number }>> = {
  'node-wasm': { most: 0.02 },
  'node-wasm-stock': { each: 8, most: 0.01 },
  'node-tensorflow': { most: 0.7 },
  'node-webgpu': { each: 8, most: 0.02 },
  'page-wasm': { each: 4, most: 0.005 },
  'page-webgl': { each: 4, most: 0.02 },
  'page-webgpu': { each: 4, most: 0.02 },
}

// Weights of the list are made on whatever runs.
await cpu().start()
const networks = await networksByCost()

const reasons = await Promise.all(places.map(async (place) => [place, await place.why()] as const))
for (const [{ title }, why] of reasons) if (why !== undefined) process.stderr.write(`${title} is not held: ${why}\n`)

describe.each(reasons.filter(([, why]) => why === undefined).map(([place]) => place))('$title', (place) => {
  const { each, most } = inMinutes[place.id]!

  async function opened(run: (open: OpenPlace) => Promise<readonly string[]>): Promise<void> {
    const open = await place.open()
    try {
      expect(await run(open)).toEqual([])
    } finally {
      await open.close()
    }
  }

  it('gives what cpu gives, call by call', () =>
    opened(async (open) => {
      const found: string[] = []
      for (const [kernel, lines] of sample(readZooKernels(), each)) {
        for (const { form, failed } of await open.replay(lines)) {
          if (form === 'missing') found.push(`${kernel} is missing`)
          for (const { line, error, failure } of failed) found.push(`${line}: ${failure ?? error}`)
        }
      }
      return found
    }))

  it(`runs, trains and explains all networks of at most ${most} GMAC`, () =>
    opened(async (open) => {
      const reference = place.id.startsWith('node-wasm') ? 'cpu' : 'wasm'
      const found: string[] = []
      for (const form of networks.filter(({ multiplyAccumulates }) => multiplyAccumulates <= most * 1e9)) {
        const { works } = await open.network(form, { reference })
        for (const [work, result] of Object.entries(works)) {
          if (!holds(work as Work, result)) found.push(`${form.network} ${work}: ${result.failure ?? result.error}`)
        }
      }
      return found
    }))
})
