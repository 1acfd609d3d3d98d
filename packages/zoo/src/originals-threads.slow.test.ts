// Every kernel of the wasm backend's own may split its work otherwise on each number of threads. Relaxed SIMD runs where Node has it: 22 and newer.
import { describe } from 'vitest'
import { describeOriginals } from './testing/describe-originals.ts'
import { originals } from './testing/original.ts'

describe.each([1, 2, 4])('on %i thread(s)', (threads) => {
  describeOriginals(originals(), { threads })
})

describe('on the kernels of TensorFlow.js', () => {
  describeOriginals(originals(), { threads: 1, kernels: 'stock' })
})
