import '@tensorflow/tfjs-backend-cpu'
import { memory } from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import { wasm } from '../../index.ts'
import { convolutionCall, errorAgainstStock } from '../../testing/against-stock.ts'
import { zooConvolutions, zooDenseLayers } from '../../testing/zoo-convolutions.ts'

describe('our own kernels', () => {
  it.each([1, 2])(
    'give what TensorFlow.js’ give for every convolution of the zoo, on %i thread(s)',
    async (threads) => {
      await wasm({ threads, kernels: 'own' }).start()
      zooConvolutions.forEach(({ line, input, ...rest }, i) => {
        for (const batch of [1, 3]) {
          const activation = batch === 1 ? {} : { activation: 'relu6' as const }
          const call = convolutionCall({ ...rest, input: [batch, ...input], ...activation })
          expect(errorAgainstStock(call, i), line).toBeLessThan(1e-4)
        }
      })
      const attributes = { transposeA: false, transposeB: false, activation: 'relu' }
      zooDenseLayers.forEach(([depth, units], i) => {
        for (const rows of [4, 12]) {
          const inputs = { a: [1, rows, depth], b: [1, depth, units], bias: [units] }
          expect(errorAgainstStock({ kernel: '_FusedMatMul', inputs, attributes }, i)).toBeLessThan(1e-4)
        }
      })
      expect(memory().numTensors).toBe(0)
    },
  )
})
