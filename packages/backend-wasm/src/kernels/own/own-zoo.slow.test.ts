import '@tensorflow/tfjs-backend-cpu'
import { memory } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { wasm } from '../../index.ts'
import { type Call, convolutionCall, errorAgainstStock } from '../../testing/against-stock.ts'
import { zooShapes } from '../../testing/zoo-shapes.ts'

const numbers = (text: string): number[] => text.split('x').map(Number)
/** Odd and small, as the kernels don't look at it further. */
const side = (length: number, filter: number): number => Math.max(filter, Math.min(length, 9))

/** A line of the zoo's shapes as a call. */
function zooCall(line: string, batch: number): Call {
  const [kind, first, second, strides, pad, dilations] = line.split(' ') as [
    string,
    string,
    string,
    string,
    string,
    string,
  ]
  if (kind === 'dense') {
    const [depth, units] = [Number(first), Number(second)]
    const inputs = { a: [1, 4 * batch, depth], b: [1, depth, units], bias: [units] }
    return { kernel: '_FusedMatMul', inputs, attributes: { transposeA: false, transposeB: false, activation: 'relu' } }
  }
  const [height, width, channels] = numbers(first)
  const filter = numbers(second)
  return convolutionCall({
    depthwise: kind === 'depthwise',
    input: [batch, side(height!, filter[0]!), side(width!, filter[1]!), channels!],
    filter: filter as [number, number, number, number],
    strides: numbers(strides) as [number, number],
    pad: pad as 'same' | 'valid',
    dilations: numbers(dilations) as [number, number],
    ...(batch === 1 ? {} : { activation: 'relu6' }),
  })
}

describe('our own kernels', () => {
  it.each([1, 2])(
    'give what TensorFlow.js’ give for every convolution of the zoo, on %i thread(s)',
    async (threads) => {
      await wasm({ threads, kernels: 'own' }).start()
      zooShapes.forEach((line, i) => {
        for (const batch of [1, 3]) expect(errorAgainstStock(zooCall(line, batch), i), line).toBeLessThan(1e-4)
      })
      expect(memory().numTensors).toBe(0)
    },
  )
})
