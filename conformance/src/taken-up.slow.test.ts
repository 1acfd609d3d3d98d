// A run that was stopped and taken up again, beside two that were not: on wasm with as many threads it ends with their very bits, which packages/transfer
// tests with kills; here are the backends whose sums may come in another order each time.
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nodeGpu } from '@cnnkit/backend-node-gpu'
import { webgpu } from '@cnnkit/backend-webgpu'
import { pictureDataset } from '@cnnkit/images'
import type { BackendDriver } from '@cnnkit/kernels'
import { relativeError, seeded } from '@cnnkit/testing/numbers'
import { type CheckpointStore, fit } from '@cnnkit/transfer'
import { checkpointFile } from '@cnnkit/transfer/checkpoint-file'
import { createModel } from '@cnnkit/zoo'
import { afterAll, describe, expect, it } from 'vitest'
import { findSwiftshader } from './places/swiftshader.ts'

findSwiftshader()
const drivers: readonly BackendDriver[] = [nodeGpu(), webgpu({ software: 'allow' })]
const reasons = await Promise.all(drivers.map(async (driver) => [driver, await driver.probe()] as const))
for (const [{ name }, why] of reasons) if (why !== undefined) process.stderr.write(`${name} is not held: ${why}\n`)

const side = 8
const pictures = pictureDataset({
  classes: ['a', 'b', 'c'],
  items: Array.from({ length: 12 }, (_, i) => ({
    id: `${i}.png`,
    label: i % 3,
    read: async () => {
      const next = seeded(i)
      const data = Uint8Array.from({ length: side * side * 3 }, () => 256 * next())
      return { data, width: side, height: side, channels: 3 as const }
    },
  })),
})

interface Stop {
  readonly checkpoint?: CheckpointStore
  readonly afterEpoch?: number
}

/** All weights after four epochs; of a run that is told to stop, nothing. */
async function trained({ checkpoint, afterEpoch }: Stop = {}): Promise<Float32Array | undefined> {
  const model = await createModel('resnet20_cifar', { weights: null, inputShape: [side, side, 3], classes: 3, seed: 1 })
  const stop = new AbortController()
  try {
    await fit(model, pictures, {
      recipe: { optimizer: { kind: 'sgd', momentum: 0.9 }, learningRate: 0.01, schedule: { kind: 'constant' } },
      epochs: 4,
      batchSize: 4,
      seed: 1,
      signal: stop.signal,
      ...(checkpoint && { checkpoint }),
      onProgress: ({ epoch, step, steps }) => {
        if (epoch === afterEpoch && step === steps) stop.abort()
      },
    })
    const values = await Promise.all(model.weights.map((weight) => weight.read().data<'float32'>()))
    return Float32Array.from(values.flatMap((each) => [...each]))
  } catch (error) {
    if (stop.signal.aborted) return undefined
    throw error
  } finally {
    model.dispose()
  }
}

describe.each(reasons.filter(([, why]) => why === undefined).map(([driver]) => driver))('on $name', (driver) => {
  const file = join(tmpdir(), `cnnkit-taken-up-${process.pid}-${driver.name}`)
  afterAll(() => rm(file, { force: true, recursive: true }))

  it('a run that was stopped ends where unbroken ones do, within what lies between two of them', async () => {
    await driver.start()
    const [first, second] = [(await trained())!, (await trained())!]
    const checkpoint = checkpointFile(file)
    expect(await trained({ checkpoint, afterEpoch: 2 })).toBeUndefined()
    const takenUp = (await trained({ checkpoint }))!
    const spread = relativeError(second, first)
    const off = Math.min(relativeError(takenUp, first), relativeError(takenUp, second))
    process.stderr.write(
      `${driver.name}: two unbroken runs ${spread.toExponential(1)} apart, the other ${off.toExponential(1)}\n`,
    )
    // Another draw of the same spread may lie further off by some.
    expect(off).toBeLessThanOrEqual(4 * spread)
  })
})
