import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-layers' // registers the gradients of TensorFlow.js' own kernels
import { avgPool, grad, maxPool, memory, setBackend, sum, type Tensor4D, tensor, tidy } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { nodeGpu } from '../index.ts'
import { whyNoTfjsNode } from '../testing/tfjs-node.ts'

const why = await whyNoTfjsNode()
if (why) process.stdout.write(`Skipped: ${why}\n`)

const values = (size: number): number[] => Array.from({ length: size }, (_, i) => Math.sin(37 * i) - 1.5)

describe.skipIf(why)('tfjs-node, mended', () => {
  beforeAll(async () => {
    await nodeGpu().start()
  })

  async function on<T>(backend: string, run: () => T): Promise<T> {
    await setBackend(backend)
    return tidy(run as () => never) as T
  }

  // All values are below zero, so that padding with zeros would show.
  it.each([
    [3, 2, 1, 9],
    [3, 2, 1, 10],
    [2, 1, 1, 5],
    [3, 1, 0, 7],
  ] as const)(
    'pools the largest with a filter of %i, a stride of %i and %i rows of padding, and its gradient',
    async (filter, stride, pad, side) => {
      const pool = (x: Tensor4D): Tensor4D => maxPool(x, filter, stride, pad)
      const run = (): number[][] => {
        const x = tensor(values(2 * side * side * 3), [2, side, side, 3]) as Tensor4D
        const y = pool(x)
        const dx = grad((x) => sum(pool(x as Tensor4D)))(x)
        return [[...y.shape], [...y.dataSync()], [...dx.dataSync()]]
      }
      const expected = await on('cpu', run)
      const before = memory().numTensors
      expect(await on('tensorflow', run)).toEqual(expected)
      expect(memory().numTensors).toBe(before)
    },
  )

  it('gives back at a border what the mean of the values that are there comes to', async () => {
    // A corner's window of 3x3 holds four values: each counts a quarter. TensorFlow.js' own backends give a ninth.
    const dx = await on('tensorflow', () => {
      const dy = tensor([1, 0, 0, 0, 0, 0, 0, 0, 0], [1, 3, 3, 1])
      return [...grad((x) => avgPool(x as Tensor4D, 3, 1, 'same'))(tensor(values(9), [1, 3, 3, 1]), dy).dataSync()]
    })
    expect(dx).toEqual([0.25, 0.25, 0, 0.25, 0.25, 0, 0, 0, 0])
  })
})
