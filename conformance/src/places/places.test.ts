import { memory } from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sample } from '../calls/sample.ts'
import { readZooKernels } from '../data.ts'
import { bars } from '../networks/compare-form.ts'
import type { Form, Work } from '../networks/run-form.ts'
import type { OpenPlace } from './place.ts'
import { places } from './places.ts'

const residual: Form = { network: 'resnet20_cifar', flavor: 'paper' }
const depthwise: Form = { network: 'mobilenet_v1_025', flavor: 'keras' }

/** How much of the suite a place runs in seconds: calls of each kernel, and networks. */
const briefly: Readonly<Record<string, { readonly each: number; readonly networks: readonly Form[] }>> = {
  'node-wasm': { each: 4, networks: [residual, depthwise] },
  'node-wasm-stock': { each: 4, networks: [residual] },
  'node-tensorflow': { each: 2, networks: [residual, depthwise] },
  'node-webgpu': { each: 1, networks: [residual] },
  'page-wasm': { each: 1, networks: [] },
  'page-webgl': { each: 1, networks: [residual] },
  'page-webgpu': { each: 1, networks: [] },
}

/** On a machine that does much else beside. */
const patience = 300_000

const reasons = await Promise.all(places.map(async (place) => [place, await place.why()] as const))
for (const [{ title }, why] of reasons) if (why !== undefined) process.stderr.write(`${title} is not held: ${why}\n`)

describe.each(reasons.filter(([, why]) => why === undefined).map(([place]) => place))('$title', (place) => {
  const { each, networks } = briefly[place.id]!
  let open: OpenPlace
  beforeAll(async () => {
    open = await place.open()
  }, patience)
  afterAll(() => open?.close())

  it(
    'gives what cpu gives, for calls of every kernel of the zoo',
    async () => {
      const lines = [...sample(readZooKernels(), each).values()].flat()
      const results = await open.replay(lines)
      expect(results.filter(({ form, failed }) => form === 'missing' || failed.length > 0)).toEqual([])
      expect(results.reduce((all, { calls }) => all + calls, 0)).toBe(lines.length)
      expect(memory().numTensors).toBe(0)
    },
    patience,
  )

  it.each(networks)(
    'runs, trains and explains $network',
    async (form) => {
      const { works } = await open.network(form, { reference: place.id.startsWith('node-wasm') ? 'cpu' : 'wasm' })
      for (const [work, { error, failure }] of Object.entries(works)) {
        expect(failure, work).toBeUndefined()
        expect(error, work).toBeLessThan(bars[work as Work])
      }
      expect(memory().numTensors).toBe(0)
    },
    patience,
  )
})
