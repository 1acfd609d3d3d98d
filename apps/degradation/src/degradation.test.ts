import { wasm } from '@cnnkit/backend-wasm'
import { random } from '@cnnkit/images'
import { createModel } from '@cnnkit/zoo'
import { memory } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { depthCost, finalLoss, type Records, smoothed } from './degradation.ts'
import { page } from './page.ts'
import { type StepRecord, train } from './train.ts'

beforeAll(async () => {
  await wasm({ threads: 1 }).start()
})

const falling = (to: number): StepRecord[] =>
  Array.from({ length: 20 }, (_, i) => ({
    step: i + 1,
    loss: 2 + ((to - 2) * i) / 19,
    gradients: { stem: 1, stage1: 0.5, stage2: 0.1, stage3: 0.01, head: 2 },
  }))

const records: Records = {
  resnet20_cifar: falling(1),
  plain20_cifar: falling(1.2),
  resnet56_cifar: falling(0.9),
  plain56_cifar: falling(1.8),
}

describe('the degradation', () => {
  it('is what depth adds to the loss at the end', () => {
    expect(finalLoss(records.plain20_cifar)).toBeCloseTo(1.2, 1)
    expect(depthCost(records).plain).toBeCloseTo(0.6, 1)
    expect(depthCost(records).residual).toBeLessThan(0)
    expect(smoothed(records.plain20_cifar, 8).map(({ step }) => step)).toEqual([8, 16, 20])
  })

  it('is shown on a page with both charts, which needs nothing else', async () => {
    const html = await page(records, { steps: 20, batchSize: 4, learningRate: 0.1, seed: 1 })
    expect(html.match(/<svg/g)!.length).toBeGreaterThanOrEqual(2)
    for (const text of ['plain56_cifar', 'stage3', 'gradient']) expect(html).toContain(text)
    expect(html).not.toMatch(/<script|src="http/)
  })
})

it('trains a network, notes a gradient for each stage, and leaves no tensor', async () => {
  const draw = random(1)
  // Two classes told by their brightness: a few steps are enough.
  const labels = Array.from({ length: 8 }, (_, i) => 9 * (i % 2))
  const pictures = labels.map((label) => ({
    data: Uint8Array.from({ length: 32 * 32 * 3 }, () => 20 * label + draw.integer(10)),
    width: 32,
    height: 32,
    channels: 3 as const,
  }))
  const before = memory().numTensors
  const model = await createModel('resnet20_cifar', { weights: null, seed: 1 })
  const schedule = { steps: 8, batchSize: 8, learningRate: 0.01, seed: 1 }
  const steps = await train(model, { pictures, labels }, schedule, () => {})
  model.dispose()
  expect(memory().numTensors).toBe(before)
  expect(Object.keys(steps[0]!.gradients)).toEqual(['stem', 'stage1', 'stage2', 'stage3', 'head'])
  expect(Object.values(steps[0]!.gradients).every((norm) => norm > 0)).toBe(true)
  expect(finalLoss(steps)).toBeLessThan(steps[0]!.loss)
})
