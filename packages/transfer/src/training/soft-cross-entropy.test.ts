import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-layers' // registers gradients
import { readFileSync } from 'node:fs'
import { grad, memory, setBackend, type Tensor2D, tensor2d, tidy } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { softCrossEntropy } from './soft-cross-entropy.ts'

beforeAll(() => setBackend('cpu'))

// Written by reference/transfer/soft_cross_entropy.py.
const golden = JSON.parse(readFileSync(new URL('../golden/soft-cross-entropy.json', import.meta.url), 'utf8')) as {
  logits: number[]
  targets: number[]
  cases: { smoothing: number; loss: number; gradient: number[] }[]
}

describe('softCrossEntropy', () => {
  it.each(golden.cases)("equals PyTorch's, with smoothing $smoothing", ({ smoothing, loss, gradient }) => {
    const before = memory().numTensors
    const [logits, targets] = [tensor2d(golden.logits, [4, 3]), tensor2d(golden.targets, [4, 3])]
    const value = tidy(() => softCrossEntropy(logits, targets, smoothing))
    expect(value.dataSync()[0]).toBeCloseTo(loss, 6)
    const slope = grad((x) => softCrossEntropy(x as Tensor2D, targets, smoothing))(logits)
    slope.dataSync().forEach((each, i) => {
      expect(each).toBeCloseTo(gradient[i]!, 6)
    })
    for (const tensor of [value, slope, logits, targets]) tensor.dispose()
    expect(memory().numTensors).toBe(before)
  })
})
